// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Packages;

/// <summary>The packages as their users get them: what is in them, and that it works.</summary>
[Collection(nameof(Packing))]
[Trait("Starts", "Processes")]
public sealed partial class PackageTests(PackedFeed feed)
{
    private const string Library = $"NativeMlp.{PackedFeed.Version}.nupkg", Symbols = $"NativeMlp.{PackedFeed.Version}.snupkg",
        Tool = $"NativeMlp.Runner.{PackedFeed.Version}.nupkg", ToolFolder = "tools/net10.0/any/";

    private const int NativeLimit = 1_000_000, LibraryLimit = 1_000_000, ToolLimit = 7_000_000;

    /// <summary>Its file name, the first bytes of the file, and the word that says for which processor it is.</summary>
    private static readonly Dictionary<string, (string File, string Magic, int MachineAt, int Machine)> Platforms = new()
    {
        ["linux-x64"] = ("libnmlp.so", "\x7f" + "ELF", 18, 0x3e),
        ["linux-arm64"] = ("libnmlp.so", "\x7f" + "ELF", 18, 0xb7),
        ["linux-musl-x64"] = ("libnmlp.so", "\x7f" + "ELF", 18, 0x3e),
        ["linux-musl-arm64"] = ("libnmlp.so", "\x7f" + "ELF", 18, 0xb7),
        ["win-x64"] = ("nmlp.dll", "MZ", -4, 0x8664), // behind "PE\0\0", whose place is at 60
        ["win-arm64"] = ("nmlp.dll", "MZ", -4, 0xaa64),
        ["osx-x64"] = ("libnmlp.dylib", "\xcf\xfa\xed\xfe", 4, 0x0007),
        ["osx-arm64"] = ("libnmlp.dylib", "\xcf\xfa\xed\xfe", 4, 0x000c),
    };

    [Fact]
    public void Library_Packed_HasItsFilesAndNothingElse()
    {
        Dictionary<string, byte[]> files = feed.Read(Library);
        string[] natives = Natives(files);
        Assert.NotEmpty(natives);
        Assert.Equal(new[] { "LICENSE", "NativeMlp.nuspec", "README.md", "icon.png", "lib/net10.0/NativeMlp.dll", "lib/net10.0/NativeMlp.xml", "sbom.cdx.json" }.Concat(natives).Order(StringComparer.Ordinal),
            files.Keys.Order(StringComparer.Ordinal));
        Assert.All(natives, name =>
        {
            Assert.InRange(files[name].Length, 50_000, NativeLimit);
            AssertPlatform(name.Split('/')[1], name, files[name]);
            AssertNeedsTheCLibraryOnly(name, files[name]);
        });
        Assert.InRange(files.Where(file => !natives.Contains(file.Key)).Sum(file => file.Value.Length), 0, LibraryLimit);
        Assert.Contains("/_/managed/NativeMlp/", Encoding.UTF8.GetString(files["lib/net10.0/NativeMlp.dll"]), StringComparison.Ordinal); // no path of this machine
    }

    [Fact]
    public void Library_Packed_SaysWhatItIs()
    {
        XElement metadata = XDocument.Parse(Encoding.UTF8.GetString(feed.Read(Library)["NativeMlp.nuspec"]).TrimStart('\ufeff')).Root!.Elements().Single();
        string Value(string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;
        Assert.Equal(("NativeMlp", PackedFeed.Version, "MIT", "README.md"), (Value("id"), Value("version"), Value("license"), Value("readme")));
        Assert.NotEmpty(Value("description"));
        Assert.DoesNotContain(metadata.Descendants(), e => e.Name.LocalName == "dependency");
        Assert.Null(metadata.Elements().Single(e => e.Name.LocalName == "repository").Attribute("url")); // none of this machine's
    }

    /// <summary>Who has a package has no source tree: what its readme names must be in the package or on the command line.</summary>
    [Theory]
    [InlineData(Library)]
    [InlineData(Tool)]
    public void Readme_Packed_DoesNotSpeakOfTheSourceTree(string package)
    {
        string readme = Encoding.UTF8.GetString(feed.Read(package)["README.md"]);
        Assert.All(["managed/", "native/README", "bench/", "build.ps1", "--project", "]("], word => Assert.DoesNotContain(word, readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Symbols_Packed_AreTheLibrarysAlone() =>
        Assert.Equal(["NativeMlp.nuspec", "lib/net10.0/NativeMlp.pdb"], feed.Read(Symbols).Keys.Order(StringComparer.Ordinal));

    /// <summary>From another folder, with everything built anew, the native library too.</summary>
    [Fact]
    public void Packages_PackedAgainFromClean_AreTheSameBytes()
    {
        using TemporaryFolder folder = new();
        SourceCopy.To(folder.File("again"));
        PackedFeed.PackAll(folder.File("again"), folder.File("feed"));
        string[] names = [.. Directory.EnumerateFiles(feed.Path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        Assert.Contains(Library, names);
        Assert.Equal(names, Directory.EnumerateFiles(folder.File("feed")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.All(names, name =>
        {
            byte[] first = File.ReadAllBytes(Path.Combine(feed.Path, name)), again = File.ReadAllBytes(Path.Combine(folder.File("feed"), name));
            Assert.True(first.AsSpan().SequenceEqual(again), $"{name}: {Differences(Path.Combine(feed.Path, name), Path.Combine(folder.File("feed"), name))}");
        });
    }

    /// <summary>What is in each package, and which others it brings along.</summary>
    [Fact]
    public void Bill_OfEachPackage_NamesItsDependencies()
    {
        foreach (string package in Directory.EnumerateFiles(feed.Path, "*.nupkg").Select(file => Path.GetFileName(file)))
        {
            Dictionary<string, byte[]> files = feed.Read(package);
            JsonElement bill = JsonDocument.Parse(files["sbom.cdx.json"]).RootElement;
            XElement nuspec = XDocument.Parse(Encoding.UTF8.GetString(files.Single(file => file.Key.EndsWith(".nuspec", StringComparison.Ordinal)).Value).TrimStart('\ufeff')).Root!;
            string[] components = [.. bill.GetProperty("components").EnumerateArray().Select(component => component.GetProperty("purl").GetString()!)];
            Assert.Equal(("CycloneDX", "1.6"), (bill.GetProperty("bomFormat").GetString(), bill.GetProperty("specVersion").GetString()));
            Assert.Equal($"{bill.GetProperty("metadata").GetProperty("component").GetProperty("name").GetString()}.{PackedFeed.Version}.nupkg", package);
            Assert.Equal(components.Distinct(), components);
            Assert.All(nuspec.Descendants().Where(e => e.Name.LocalName == "dependency"), dependency =>
                Assert.Contains($"pkg:nuget/{dependency.Attribute("id")!.Value}@{dependency.Attribute("version")!.Value.Trim('[', ']')}", components));
            Assert.All(nuspec.Descendants().Where(e => e.Name.LocalName == "dependency" && e.Attribute("id")!.Value.StartsWith("NativeMlp", StringComparison.Ordinal)),
                dependency => Assert.Equal($"[{PackedFeed.Version}]", dependency.Attribute("version")!.Value)); // they use each other's internals
        }
    }

    /// <summary>The ordinary way: no platform is named, and the runtime picks its own from the package.</summary>
    [Fact]
    public void Library_InstalledInAnEmptyProject_Trains()
    {
        using TemporaryFolder folder = new();
        feed.Configure(folder.Path);
        File.WriteAllText(folder.File("app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="NativeMlp" Version="{PackedFeed.Version}" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(folder.File("Program.cs"), """
            using NativeMlp;
            using NativeMlp.Data;
            using NativeMlp.Training;

            Dataset train = Synthetic.Xor(1000, seed: 1), test = Synthetic.Xor(1000, seed: 2);
            using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [16], Outputs = 2, MaxBatch = 50 });
            Trainer.Train(mlp, train, new TrainingOptions { Epochs = 30, BatchSize = 50, Optimizer = Optimizer.Adam(1e-2) });
            System.Console.WriteLine(mlp.Evaluate(test.AsBatch()).Accuracy > 0.9 ? "trained" : "not trained");
            System.Console.WriteLine(NativeLibraryInfo.Path);
            """);
        InstalledIn(folder, Command.Sdk("build", folder.Path, "-o", folder.File("out"))).RunSdk();
        CommandResult result = new Command("dotnet", folder.File("out/app.dll")).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("trained", result.Lines[0]);
        Assert.StartsWith(folder.File("out/runtimes/"), result.Lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Tool_Packed_HasItsFilesAndNothingElse()
    {
        Dictionary<string, byte[]> files = feed.Read(Tool), library = feed.Read(Library);
        Assert.All(Natives(library), name => Assert.True(files[ToolFolder + name].AsSpan().SequenceEqual(library[name]), name));
        Assert.Equal(Natives(library).Select(name => ToolFolder + name), Natives(files));
        string[] named = ["LICENSE", "README.md", "icon.png", "sbom.cdx.json", "NativeMlp.Runner.nuspec", "DotnetToolSettings.xml", "NativeMlp.Runner.deps.json",
            "NativeMlp.Runner.runtimeconfig.json", "appsettings.json"];
        Assert.All(files.Keys.Except(Natives(files)), name => Assert.True(name.EndsWith(".dll", StringComparison.Ordinal)
            || named.Contains(name.Replace(ToolFolder, "", StringComparison.Ordinal)), name));
        Assert.Contains("<Command Name=\"nativemlp\" EntryPoint=\"NativeMlp.Runner.dll\"", Encoding.UTF8.GetString(files[ToolFolder + "DotnetToolSettings.xml"]), StringComparison.Ordinal);
        Assert.InRange(files.Where(file => !Natives(files).Contains(file.Key)).Sum(file => file.Value.Length), 0, ToolLimit);
    }

    [Fact]
    public void Tool_Installed_TrainsAsTheRunnerDoes()
    {
        using TemporaryFolder folder = new();
        feed.Configure(folder.Path);
        InstalledIn(folder, Command.Sdk("tool", "install", "NativeMlp.Runner", "--version", PackedFeed.Version,
            "--tool-path", folder.File("tools"), "--configfile", folder.File("nuget.config"))).RunSdk();
        string program = folder.File(OperatingSystem.IsWindows() ? "tools/nativemlp.exe" : "tools/nativemlp");
        Assert.Equal($"nativemlp {PackedFeed.Version}\n", new Command(program, "--version").Run().Output);
        string[] training = ["train", "--data", "xor", "--epochs", "5", "--json", "--overwrite", "--out", folder.Path];
        CommandResult tool = new Command(program, training).Run(), runner = Command.Runner(training).Run();
        Assert.True(tool.ExitCode == 0, tool.ToString());
        // The hash of the weights is in it.
        Assert.Equal(runner.Lines[^1], tool.Lines[^1]);
    }

    private static string Differences(string first, string second)
    {
        using ZipArchive a = ZipFile.OpenRead(first), b = ZipFile.OpenRead(second);
        return string.Join(", ", a.Entries.Zip(b.Entries).Where(pair => pair.First.Crc32 != pair.Second.Crc32 || pair.First.FullName != pair.Second.FullName).Select(pair => pair.First.FullName));
    }

    private static Command InstalledIn(TemporaryFolder folder, Command command) => command.With("NUGET_PACKAGES", folder.File("packages"));

    private static string[] Natives(Dictionary<string, byte[]> files) =>
        [.. files.Keys.Where(name => name.Contains("/native/", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    // The names of libraries in the file: what it needs, and its own. A glibc has the name libc.so.6, a musl libc.so.
    private static void AssertNeedsTheCLibraryOnly(string name, byte[] content)
    {
        Regex allowed = name.Contains("/win", StringComparison.Ordinal) ? WindowsLibraries()
            : name.Contains("/osx", StringComparison.Ordinal) ? MacLibraries()
            : name.Contains("musl", StringComparison.Ordinal) ? MuslLibraries() : GnuLibraries();
        Assert.All(AnyLibrary().Matches(Encoding.Latin1.GetString(content)), match => Assert.Matches(allowed, match.Value));
    }

    [GeneratedRegex(@"[\w+.-]+\.(dll|DLL)\b|\b(lib|ld-)[\w+.-]+\.(so|dylib)\b[.\d]*")]
    private static partial Regex AnyLibrary();

    [GeneratedRegex(@"^(nmlp|msvcrt|ucrtbase|api-ms-win-crt-[\w-]+|KERNEL32)\.(dll|DLL)$", RegexOptions.IgnoreCase)]
    private static partial Regex WindowsLibraries();

    [GeneratedRegex(@"^lib(nmlp(\.\d+)?|System\.B)\.dylib$")]
    private static partial Regex MacLibraries();

    [GeneratedRegex(@"^lib(nmlp|c|c\.musl-\w+)\.so(\.\d+)?$")]
    private static partial Regex MuslLibraries();

    [GeneratedRegex(@"^(lib(nmlp\.so|c\.so\.6|m\.so\.6|pthread\.so\.0)|ld-linux-[\w-]+\.so\.[12])[.\d]*$")]
    private static partial Regex GnuLibraries();

    private static void AssertPlatform(string rid, string name, byte[] content)
    {
        Assert.True(Platforms.TryGetValue(rid, out var platform), rid);
        Assert.Equal($"runtimes/{rid}/native/{platform.File}", name);
        Assert.Equal(platform.Magic, Encoding.Latin1.GetString(content, 0, platform.Magic.Length));
        int at = platform.MachineAt >= 0 ? platform.MachineAt : BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(60)) - platform.MachineAt;
        Assert.Equal(platform.Machine, BinaryPrimitives.ReadUInt16LittleEndian(content.AsSpan(at)));
    }
}

/// <summary>Tests that pack and publish: one after another, for each takes all processors.</summary>
[CollectionDefinition(nameof(Packing))]
public sealed class Packing : ICollectionFixture<PackedFeed>;
