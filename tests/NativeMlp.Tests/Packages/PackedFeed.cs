// SPDX-License-Identifier: MIT
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Packages;

/// <summary>All packages, packed once for all tests that look at them, in a folder that serves as a feed. The environment
/// variable NativePackRids says which platforms they are for; without it, this one.</summary>
public sealed partial class PackedFeed : IDisposable
{
    public const string Version = "1.0.0";

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _feed;

    public PackedFeed() => _feed = new Lazy<string>(Pack);

    /// <summary>The folder of the packages.</summary>
    public string Path => _feed.Value;

    public void Dispose() => _folder.Dispose();

    /// <summary>The content of a package by name, without what every package has for its own sake.</summary>
    internal Dictionary<string, byte[]> Read(string file)
    {
        using ZipArchive package = ZipFile.OpenRead(System.IO.Path.Combine(Path, file));
        return package.Entries.Where(entry => !IsContainers(entry.FullName)).ToDictionary(entry => entry.FullName, Content);
    }

    /// <summary>A folder with a nuget.config for our packages from here and all others from nuget.org.</summary>
    internal void Configure(string folder) => File.WriteAllText(System.IO.Path.Combine(folder, "nuget.config"), $"""
        <configuration>
          <packageSources>
            <clear />
            <add key="here" value="{Path}" />
            <add key="nuget.org" value="https://api.nuget.org/v3/index.json" />
          </packageSources>
          <packageSourceMapping>
            <packageSource key="here"><package pattern="NativeMlp*" /></packageSource>
            <packageSource key="nuget.org"><package pattern="*" /></packageSource>
          </packageSourceMapping>
        </configuration>
        """);

    private string Pack()
    {
        string sources = _folder.File("sources"), feed = _folder.File("feed");
        SourceCopy.To(sources);
        PackAll(sources, feed, SourceCopy.SharedNative);
        return feed;
    }

    /// <summary>Copies a sample to where no sources are: it asks for packages instead of projects.</summary>
    internal void CopySample(string name, TemporaryFolder folder)
    {
        Configure(folder.Path);
        string program = File.ReadAllText(Repository.PathOf("samples", name + ".cs"));
        // A program that is not published needs no compiler of native code, which restoring would fetch.
        File.WriteAllText(folder.File(name + ".cs"), "#:property PublishAot=false\n" + ProjectLine().Replace(program, $"#:package $1@{Version}"));
    }

    /// <summary>Runs a sample that has been copied.</summary>
    internal Command RunSample(TemporaryFolder folder, string name, params string[] arguments) =>
        Sdk(folder, ["run", folder.File(name + ".cs"), "--", .. arguments]);

    /// <summary>The SDK in a folder, with packages and templates that only this feed's tests see.</summary>
    internal Command Sdk(TemporaryFolder folder, params string[] arguments) => Command.Sdk(arguments).In(folder.Path)
        .With("NUGET_PACKAGES", _folder.File("installed")).With("DOTNET_CLI_HOME", _folder.File("home"));

    [GeneratedRegex(@"^#:project \.\./managed/(\S+)$", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();

    /// <summary>Packs every project that a package is made of.</summary>
    internal static void PackAll(string sources, string destination, params string[] more)
    {
        string[] projects = [.. Directory.EnumerateFiles(System.IO.Path.Combine(sources, "managed"), "*.csproj", SearchOption.AllDirectories)
            .Where(file => System.IO.Path.GetFileNameWithoutExtension(file) == System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(file)))
            .Order(StringComparer.Ordinal)];
        string all = System.IO.Path.Combine(sources, "packages.slnf");
        File.WriteAllText(all, JsonSerializer.Serialize(new
        {
            solution = new { path = "NativeMlp.sln", projects = projects.Select(file => System.IO.Path.GetRelativePath(sources, file).Replace('/', '\\')) },
        }));
        // With a time of its own, so that packages of the same sources are the same files.
        Command.Sdk(["pack", all, "-c", "Release", "-p:PackageOutputPath=" + destination, .. more]).With("SOURCE_DATE_EPOCH", "1750000000").RunSdk();
    }

    private static bool IsContainers(string entry) =>
        entry is "[Content_Types].xml" or "_rels/.rels" || entry.StartsWith("package/services/metadata/", StringComparison.Ordinal);

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
