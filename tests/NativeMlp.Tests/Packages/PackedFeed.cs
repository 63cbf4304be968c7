// SPDX-License-Identifier: MIT
using System.IO.Compression;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Packages;

/// <summary>Both packages, packed once for all tests that look at them, in a folder that serves as a feed. The environment
/// variable NativePackRids says which platforms they are for; without it, this one.</summary>
public sealed class PackedFeed : IDisposable
{
    public const string Version = "0.1.0";

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

    internal static void PackLibrary(string sources, string destination, params string[] more) =>
        Pack(sources, "NativeMlp", destination, more);

    private string Pack()
    {
        string sources = _folder.File("sources"), feed = _folder.File("feed");
        SourceCopy.To(sources);
        PackLibrary(sources, feed, SourceCopy.SharedNative);
        Pack(sources, "NativeMlp.Runner", feed, SourceCopy.SharedNative);
        return feed;
    }

    // With a time of its own, so that packages of the same sources are the same files.
    private static void Pack(string sources, string project, string destination, params string[] more) =>
        Command.Sdk(["pack", System.IO.Path.Combine(sources, "managed", project), "-o", destination, .. more])
            .With("SOURCE_DATE_EPOCH", "1750000000").RunSdk();

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
