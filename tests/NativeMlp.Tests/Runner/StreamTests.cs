// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>Standard streams in trouble, signals and limits: none of them decides a run, and no work is lost.</summary>
[Trait("Starts", "Processes")]
public sealed class StreamTests
{
    private const string Debug = "Logging__LogLevel__Default=Debug";
    private const string Forever = "--data spirals --epochs 1000000 --threads 1";

    public StreamTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "the streams are set up by a POSIX shell");

    [Theory]
    [InlineData(">/dev/full")]
    [InlineData(">&-")]
    [InlineData(">&- 2>&-")]
    [InlineData(">/dev/null 2>/dev/full")]
    [InlineData(">/dev/null 2>&-")]
    public void Train_WithoutAnOutput_SavesAndEndsWithSeven(string redirection)
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Shell(folder, $"{Debug} run train --data moons --epochs 2 --json --out out {redirection}");
        Assert.True(result.ExitCode == 7, result.ToString());
        string model = folder.File("out/best.safetensors");
        // The reader refuses a model with anything mixed in or behind it.
        Assert.Equal(Hash(folder, "train --data moons --epochs 2 --out again"), Hash(folder, $"evaluate --model {model} --data moons"));
    }

    [Theory]
    [InlineData("info >&-", 7)]
    [InlineData("predict --model $model --data moons >/dev/full", 7)]
    [InlineData("train --data nonsense 2>&-", 2)]
    [InlineData("train --data nonsense 2>/dev/full", 2)]
    [InlineData("evaluate --model $model --data moons >/dev/null 2>&-", 0)] // nothing had to be written there
    [InlineData("info <&- >/dev/null", 0)]
    public void Command_WithoutAStream_KeepsItsExitCode(string line, int exitCode)
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Shell(folder, $"run train --data moons --epochs 1 --out out >/dev/null; model=out; run {line}");
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_IntoAPipeThatCloses_SavesAndEnds()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Shell(folder, $"run train {Forever} --json --out out | head -n 1; exit ${{PIPESTATUS[0]}}");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(File.Exists(folder.File("out/last.safetensors")));
        Assert.Equal(64, Hash(folder, "evaluate --model out --data spirals").Length);
    }

    [Fact]
    public void Predict_IntoAPipeThatCloses_EndsQuietly()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Shell(folder, "run train --data moons --epochs 1 --out out >/dev/null; run predict --model out --data moons --json | head -n 2; exit ${PIPESTATUS[0]}");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(2, result.Lines.Length);
        Assert.Empty(result.Error);
    }

    [Theory]
    [InlineData("HUP", 129)]
    [InlineData("INT", 130)]
    [InlineData("TERM", 130)]
    public void Train_WithASignal_SavesAndSaysWhich(string signal, int exitCode)
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Shell(folder, $"set -m; dotnet $dll train {Forever} --json --out out >log & until grep -qs train_loss log; do sleep 0.1; done; kill -{signal} $!; wait $!");
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Contains($" train --resume out.", result.Error, StringComparison.Ordinal);
        Assert.Equal(RunFiles.Interrupted, Directory.GetFiles(folder.File("out")).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("evaluate --model fifo --data moons")]
    [InlineData("train --data moons --data-dir .")]
    public void Command_ThatWaitsForAFile_EndsAtATerm(string line)
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Shell(folder, $"mkfifo fifo; mkdir synthetic; mkfifo synthetic/moons_train.csv; "
            + $"Logging__LogLevel__Default=Information dotnet $dll {line} 2>log & until grep -qs started log; do sleep 0.1; done; sleep 0.3; kill -TERM $! 2>/dev/null; wait $!");
        Assert.True(result.ExitCode is 130 or 3, result.ToString()); // 3 where what is no file is refused
    }

    [Theory]
    [InlineData("Logging__LogLevel__Default", "Nonsense", "Logging:LogLevel:Default")]
    [InlineData("Logging__Console__LogLevel__Default", "Debg", "did you mean 'Debug'?")]
    public void LogLevel_ThatIsNone_IsExitCodeTwo(string name, string value, string words)
    {
        CommandResult result = Command.Runner("info").With(name, value).Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    private static string Hash(TemporaryFolder folder, string line)
    {
        CommandResult result = Shell(folder, $"run {line} --json");
        Assert.True(result.ExitCode == 0, result.ToString());
        return System.Text.Json.JsonDocument.Parse(result.Lines[^1]).RootElement.GetProperty("weights_sha256").GetString()!;
    }

    private static CommandResult Shell(TemporaryFolder folder, string script) => Command.Shell(folder, script).WithDefaultSignals().Run();
}
