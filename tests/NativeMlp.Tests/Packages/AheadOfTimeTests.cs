// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;
using System.Text.Json;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Packages;

/// <summary>The runner, compiled ahead of time into one file. NATIVEMLP_AOT names one that is published already; without
/// it these tests publish one.</summary>
[Collection(nameof(Packing))]
[Trait("Starts", "Processes")]
public sealed class AheadOfTimeTests(AheadOfTimeTests.Published published) : IClassFixture<AheadOfTimeTests.Published>
{
    private const int SizeLimit = 20_000_000;

    /// <summary>A folder with the program and nothing else.</summary>
    public sealed class Published : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly Lazy<string> _program;

        public Published() => _program = new Lazy<string>(Find);

        public string Program => _program.Value;

        public void Dispose() => _folder.Dispose();

        private string Find() =>
            Environment.GetEnvironmentVariable("NATIVEMLP_AOT") is { Length: > 0 } path ? Path.GetFullPath(path) : Publish();

        // Warnings are errors: of the analysers, the trimmer and the compiler.
        private string Publish()
        {
            SourceCopy.To(_folder.File("sources"));
            Command.Sdk("publish", _folder.File("sources/managed/NativeMlp.Runner"), "-c", "Release", "-r", Rid, "-p:PublishAot=true",
                "-warnaserror", SourceCopy.SharedNative, "-o", _folder.File("out")).RunSdk();
            return _folder.File(OperatingSystem.IsWindows() ? "out/nativemlp.exe" : "out/nativemlp");
        }

        private static string Rid => RuntimeInformation.RuntimeIdentifier;
    }

    [Fact]
    public void Program_Published_IsOneSmallFile()
    {
        Assert.Equal([published.Program], Directory.GetFileSystemEntries(Path.GetDirectoryName(published.Program)!));
        Assert.InRange(new FileInfo(published.Program).Length, 1_000_000, SizeLimit);
    }

    [Fact]
    public void Info_OfTheProgram_SaysThatTheLibraryIsLinkedIn()
    {
        CommandResult result = Run("info", "--json");
        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement info = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(JsonValueKind.Null, info.GetProperty("library_path").ValueKind);
        Assert.Equal(NativeLibraryInfo.AbiVersion, info.GetProperty("abi_version").GetInt32());
        Assert.Equal(NativeLibraryInfo.Available.Count, info.GetProperty("isa_available").GetArrayLength());
    }

    [Theory]
    [InlineData("--data xor --epochs 3")]
    [InlineData("--data moons --epochs 3 --hidden 37,19 --activation gelu --norm batch --dropout 0.2 --optimizer adamw")]
    public void Train_OfTheProgram_GivesTheRunnersWeights(string options)
    {
        using TemporaryFolder folder = new();
        string[] training = ["train", .. options.Split(' '), "--json", "--overwrite", "--out", folder.Path];
        CommandResult ahead = Run(training), runner = Command.Runner(training).Run();
        Assert.True(ahead.ExitCode == 0, ahead.ToString());
        // Losses, accuracies and the hash of the weights.
        Assert.Equal(runner.Lines[^1], ahead.Lines[^1]);
    }

    [Fact]
    public void Gradcheck_OfTheProgram_PrintsWhatTheRunnerPrints()
    {
        CommandResult ahead = Run("gradcheck", "--json"), runner = Command.Runner("gradcheck", "--json").Run();
        Assert.True(ahead.ExitCode == 0, ahead.ToString());
        Assert.Equal(runner.Output, ahead.Output);
    }

    [Theory]
    [InlineData(2, "train --data minst", "nativemlp: --data ")]
    [InlineData(2, "train --epohcs 3", "nativemlp: train does not know the option '--epohcs'")]
    [InlineData(3, "train --data mnist --data-dir /no/such/folder", "nativemlp: ")]
    public void Command_OfTheProgramWithBadWords_IsOneSentence(int exitCode, string line, string sentence)
    {
        CommandResult result = Run(line.Split(' '));
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Empty(result.Output);
        Assert.StartsWith(sentence, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal(Command.Runner(line.Split(' ')).Run().Error, result.Error);
    }

    private CommandResult Run(params string[] arguments) => new Command(published.Program, arguments).Run();
}
