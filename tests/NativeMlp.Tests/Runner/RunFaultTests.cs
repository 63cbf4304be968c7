// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>Disks and limits in trouble: one sentence, the exit code, the former files as they were, and nothing lost.</summary>
[Trait("Starts", "Processes")]
public sealed class RunFaultTests
{
    private const string Sums = "sha256sum out/*";

    public RunFaultTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "the faults are made with Linux's means");

    [Fact]
    public void Train_BeyondTheLimitOfAFile_IsRefusedBeforeTheFirstStep()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Shell(folder, $"run train --data moons --epochs 1 --out out >/dev/null; {Sums} >before; ulimit -f 16; "
            + "DOTNET_EnableWriteXorExecute=0 run train --data moons --hidden 4096 --epochs 1 --out out --overwrite >/dev/null; code=$?; sha256sum --quiet -c before >&2; ls -A out; exit $code");
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Equal(RunFiles.Finished, result.Lines);
        Assert.StartsWith("nativemlp: The run needs files of up to 253,976 bytes in out, but they cannot be written: ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Metrics that outgrow the limit do not decide the run: its model and state are saved.</summary>
    [Fact]
    public void Train_WhoseMetricsOutgrowTheLimit_TrainsToTheEnd()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Shell(folder, "run train --data moons --epochs 60 --out whole >/dev/null; ulimit -f 20; "
            + "DOTNET_EnableWriteXorExecute=0 run train --data moons --epochs 60 --log-every 1 --out out >/dev/null; code=$?; cmp whole/best.safetensors out/best.safetensors >&2; tail -c 2 out/metrics.jsonl; exit $code");
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Equal("}\n", result.Output); // no part of a line
        Assert.Contains("The metrics could not be written into out/metrics.jsonl: the file would become larger than the system allows (ulimit -f).", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => !line.StartsWith("nativemlp: warning: The report in out ", StringComparison.Ordinal)); // which outgrows it, too
    }

    [Fact]
    public void Train_OnADiskThatIsTooSmall_IsRefusedBeforeTheFirstStep()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = SmallDisk(folder, "300k", "run train --data moons --hidden 4096 --out disk/out >/dev/null; code=$?; ls -A disk; exit $code");
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains("free bytes, but the run needs", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output); // a folder in which no run has begun is removed again
    }

    /// <summary>A disk that fills up during the run: the state is saved in the folder of --spill, and the run is resumed from there.</summary>
    [Fact]
    public void Train_OnADiskThatFillsUp_SpillsAndGoesOnThere()
    {
        using var folder = new TemporaryFolder();
        const string train = "train --data spirals --epochs 1000 --hidden 64,64 --batch 20 --threads 1 --checkpoint-every 1s --json";
        CommandResult result = SmallDisk(folder, "2m",
            $"dotnet $dll {train} --out disk/out --spill spill >log 2>error & until grep -qs train_loss log || ! kill -0 $!; do sleep 0.05; done; "
            + "cat /dev/zero >disk/filler 2>/dev/null; kill -INT $!; wait $!; code=$?; "
            + "grep -v warning error >&2; run train --resume spill >/dev/null 2>&1 || exit 99; "
            + $"run {train} --out whole >/dev/null; cmp whole/best.safetensors spill/best.safetensors >&2; cmp whole/last.safetensors spill/last.safetensors >&2; ls -A disk/out; wc -l <spill/metrics.jsonl; exit $code");
        Assert.True(result.ExitCode == 130, result.ToString());
        Assert.Contains("The state could not be saved as disk/out/last.safetensors: No space left on device. It is saved in spill. Resume the run with ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("differ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(".tmp", result.Output, StringComparison.Ordinal);
        Assert.Equal("1001", result.Lines[^1]);
    }

    [Fact]
    public void Train_OnADiskThatFillsUpWithoutASpill_SaysWhatIsLost()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = SmallDisk(folder, "2m",
            "dotnet $dll train --data spirals --epochs 1000 --hidden 64,64 --batch 20 --threads 1 --checkpoint-every 1h --json --out disk/out >log 2>error & until grep -qs train_loss log || ! kill -0 $!; do sleep 0.05; done; "
            + "cat /dev/zero >disk/filler 2>/dev/null; kill -INT $!; wait $!; code=$?; grep -v warning error >&2; ls -A disk/out; exit $code");
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains("The model could not be saved as disk/out/best.safetensors: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("No state of the run was saved; name a folder on another disk with --spill.", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(["config.json", "metrics.jsonl"], result.Lines.Except(["report.html"])); // the page is written during the run
    }

    [Fact]
    public void Train_OnADiskThatIsReadOnly_IsRefused()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = SmallDisk(folder, "300k,ro", "run train --data moons --out disk/out");
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("--out disk/out cannot be written: ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>A run that has room once, but not twice: what it removes and replaces counts.</summary>
    [Fact]
    public void Train_OverAnEarlierRunOnADiskThatHasRoomForOne_ReplacesIt()
    {
        using var folder = new TemporaryFolder();
        const string train = "run train --data moons --hidden 65536 --epochs 1 --out disk/out";
        CommandResult result = SmallDisk(folder, "13200k",
            $"{train} >/dev/null && sha256sum disk/out/best.safetensors >before && {train} --overwrite >/dev/null && sha256sum -c before >/dev/null && ls -A disk/out");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(RunFiles.Finished, result.Lines);
    }

    private static CommandResult Shell(TemporaryFolder folder, string script) => Command.Shell(folder, script).WithDefaultSignals().Run();

    // A file system of its own in memory, which only the script sees.
    private static CommandResult SmallDisk(TemporaryFolder folder, string size, string script)
    {
        Assert.SkipUnless(Command.Shell(folder, "unshare -rm mount -t tmpfs tmpfs /mnt 2>/dev/null").Run().ExitCode == 0, "a file system of one's own cannot be mounted here");
        File.WriteAllText(folder.File("script"), $"cd '{folder.Path}'; set -m; mount -t tmpfs -o size={size} tmpfs disk || exit 98\ndll='{Path.Combine(AppContext.BaseDirectory, "NativeMlp.Runner.dll")}'\nrun() {{ dotnet \"$dll\" \"$@\"; }}\n{script}");
        Directory.CreateDirectory(folder.File("disk"));
        return Shell(folder, "exec unshare -rm bash script");
    }
}
