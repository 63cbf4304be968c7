// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>What may be given with --resume, and where a run resumes from; <see cref="KillTests"/> compares its bytes.</summary>
[Trait("Starts", "Processes")]
public sealed class ResumeTests
{
    private const string Moons = "train --data moons --epochs 4 --out";

    [Fact]
    public void Resume_WithMoreEpochs_IsTheLongerRun()
    {
        using var folder = new TemporaryFolder();
        Run(folder, $"{Moons} short --lr-decay 0.9 --warm-up 30 --validation 0.2 --early-stopping 50");
        Run(folder, $"{Moons} long --lr-decay 0.9 --warm-up 30 --validation 0.2 --early-stopping 50 --epochs 9".Replace("--epochs 4 ", "", StringComparison.Ordinal));
        Run(folder, "train --resume short --epochs 9");
        AssertSame(folder, "long", "short", "best.safetensors", "last.safetensors", "config.json");
        Assert.Equal(10, File.ReadLines(folder.File("short/metrics.jsonl")).Count());
    }

    [Fact]
    public void Resume_WithMoreStepsAndQuiet_IsTheLongerRun()
    {
        using var folder = new TemporaryFolder();
        Run(folder, "train --data moons --epochs 9 --steps 30 --out short");
        Run(folder, "train --data moons --epochs 9 --steps 70 --out long");
        Run(folder, "train --resume short --steps 70 --quiet");
        AssertSame(folder, "long", "short", "best.safetensors", "last.safetensors", "config.json");
        Assert.Equal(File.ReadLines(folder.File("long/metrics.jsonl")).Count(), File.ReadLines(folder.File("short/metrics.jsonl")).Count());
    }

    [Fact]
    public void Resume_OfARunThatHasEnded_ChangesNothing()
    {
        using var folder = new TemporaryFolder();
        Run(folder, $"{Moons} run");
        Directory.CreateDirectory(folder.File("copy"));
        foreach (string file in Directory.GetFiles(folder.File("run"))) File.Copy(file, folder.File("copy/" + Path.GetFileName(file)));
        Run(folder, "train --resume run");
        AssertSame(folder, "copy", "run", "best.safetensors", "last.safetensors", "config.json", "metrics.jsonl");
    }

    [Fact]
    public void Resume_OfAnEarlierState_GoesBackToIt()
    {
        using var folder = new TemporaryFolder();
        Run(folder, $"{Moons} run --checkpoint-every 15 --keep 100");
        string[] states = [.. Directory.GetFiles(folder.File("run"), "state-*").Select(path => Path.GetFileName(path)).Order()];
        Assert.NotEmpty(states);
        byte[] best = File.ReadAllBytes(folder.File("run/best.safetensors"));
        File.WriteAllBytes(folder.File("run/last.safetensors"), File.ReadAllBytes(folder.File("run/last.safetensors"))[..500]);
        CommandResult damaged = Command.Shell(folder, "run train --resume run").Run();
        Assert.True(damaged.ExitCode == 3, damaged.ToString());
        Assert.Contains("last.safetensors", damaged.Error, StringComparison.Ordinal);
        Run(folder, $"train --resume run/{states[0]}");
        Assert.Equal(best, File.ReadAllBytes(folder.File("run/best.safetensors")));
        Assert.Equal(5, File.ReadLines(folder.File("run/metrics.jsonl")).Count());
    }

    [Fact]
    public void Keep_OfStates_KeepsTheNewest()
    {
        using var folder = new TemporaryFolder();
        Run(folder, "train --data moons --epochs 60 --checkpoint-every 20 --keep 2 --out run");
        string[] states = [.. Directory.GetFiles(folder.File("run"), "state-*").Select(path => Path.GetFileName(path))];
        Assert.InRange(states.Length, 1, 2);
        Assert.Contains("state-1200.safetensors", states); // the last step
        AssertSame(folder, "run/state-1200.safetensors", "run/last.safetensors");
    }

    [Theory]
    [InlineData("", "--lr 0.5", "--lr cannot be given with --resume")]
    [InlineData("", "--out other", "--out cannot be given with --resume")]
    [InlineData("", "--overwrite", "--overwrite cannot be given with --resume")]
    [InlineData("", "--config run/config.json", "give only one of them")]
    [InlineData("", "--data circles", "The training rows are not those that the state was captured with")]
    [InlineData("", "--epochs 2", "after step 80; this run ends at step 40")]
    [InlineData("--schedule cosine", "--epochs 9", "--epochs 9 would change steps already taken, because --schedule cosine depends on the total number of steps; the run started with --epochs 4.")]
    [InlineData("--schedule one-cycle", "--epochs 9", "because --schedule one-cycle depends on the total number of steps")]
    [InlineData("--schedule cosine", "--steps 70", "--steps 70 would change steps already taken, because --schedule cosine depends on the total number of steps; the run started without --steps.")]
    public void Resume_WithWhatWouldChangeTheRun_IsRefusedByName(string options, string beside, string words)
    {
        using var folder = new TemporaryFolder();
        Run(folder, $"{Moons} run {options}");
        Dictionary<string, byte[]> before = Directory.GetFiles(folder.File("run")).ToDictionary(path => path, File.ReadAllBytes);
        CommandResult refused = Command.Shell(folder, $"run train --resume run {beside}").Run();
        Assert.True(refused.ExitCode == 2, refused.ToString());
        Assert.Contains(words, refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("(Parameter", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(folder.File("run")).ToDictionary(path => path, File.ReadAllBytes));
    }

    [Fact]
    public void Resume_OfATableThatHasChanged_IsRefused()
    {
        using var folder = new TemporaryFolder();
        string[] lines = [.. File.ReadLines(TestFiles.PathOf("tabular", "iris.csv"))];
        File.WriteAllLines(folder.File("iris.csv"), lines);
        Run(folder, "train iris.csv --label label --epochs 3 --ensemble 2 --out run");
        File.WriteAllLines(folder.File("iris.csv"), lines[..^1]);
        CommandResult refused = Command.Shell(folder, "run train --resume run").Run();
        Assert.True(refused.ExitCode == 2, refused.ToString());
        Assert.Contains("The run in run cannot be resumed: The training rows are not those that the state was captured with", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 130)]
    [InlineData("HUP", 129)]
    [InlineData("PIPE", 0)] // the reader goes
    public void Train_Interrupted_SaysTheCommandThatEndsAsIfItHadNotBeen(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "bash sends them");
        using var folder = new TemporaryFolder();
        const string train = "train --data spirals --epochs 600 --hidden 64,64 --batch 20 --dropout 0.1 --norm batch --threads 1 --json --out";
        string stopped = signal == "PIPE"
            ? $"dotnet $dll {train} run 2>error | head -n 3 >/dev/null; code=${{PIPESTATUS[0]}}"
            : $"set -m; dotnet $dll {train} run >log 2>error & until grep -qs train_loss log || ! kill -0 $!; do sleep 0.05; done; kill -{signal} $!; wait $!; code=$?";
        CommandResult result = Command.Shell(folder, stopped + "; grep -c . error; sed -n 's/.* Resume the run with \\(.*\\)\\.$/\\1/p' error >next; cat next; sh next >/dev/null || exit 99; exit $code").WithDefaultSignals().Run();
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Equal("1", result.Lines[0]); // one sentence
        Assert.EndsWith(" train --resume run", result.Lines[1], StringComparison.Ordinal);
        Run(folder, $"{train} whole");
        AssertSame(folder, "whole", "run", "best.safetensors", "last.safetensors", "config.json");
    }

    [Fact]
    public void Train_InterruptedInAFold_SaysWhereTheStateIsAndHasAllMetrics()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "bash sends the signal");
        using var folder = new TemporaryFolder();
        CommandResult result = Command.Shell(folder, $"set -m; dotnet $dll train {TestFiles.PathOf("tabular", "diabetes.csv")} --label target --folds 3 --epochs 5000 --hidden 32 --json --out run >log 2>error & "
            + "until grep -qs train_loss log || ! kill -0 $!; do sleep 0.05; done; kill -INT $!; wait $!; code=$?; cat error >&2; grep -c train_loss log; grep -c '\"epoch\",\"fold\":1' run/metrics.jsonl; exit $code").WithDefaultSignals().Run();
        Assert.True(result.ExitCode == 130, result.ToString());
        Assert.Contains("nativemlp: Interrupted. The state is saved in run. Resume the run with ", result.Error, StringComparison.Ordinal);
        Assert.Equal(result.Lines[0], result.Lines[1]);
    }

    private static void Run(TemporaryFolder folder, string line)
    {
        CommandResult result = Command.Shell(folder, "run " + line).Run();
        Assert.True(result.ExitCode == 0, $"{line}: {result}");
    }

    private static void AssertSame(TemporaryFolder folder, string first, string second, params string[] names)
    {
        foreach (string name in names.DefaultIfEmpty(""))
            Assert.True(File.ReadAllBytes(folder.File(Path.Combine(first, name))).AsSpan().SequenceEqual(File.ReadAllBytes(folder.File(Path.Combine(second, name)))), name);
    }
}
