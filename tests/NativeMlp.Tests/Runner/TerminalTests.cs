// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>What a person sees of a run on a terminal, from a recording of all that was written to it.</summary>
[Trait("Starts", "Processes")]
public sealed class TerminalTests
{
    /// <summary>A warning of another thread, on standard error, while the region is on standard output: it stays on the screen whole,
    /// and the region is there once, or not at all when the run has ended.</summary>
    [Fact]
    public void Train_ThatWarnsWhileItShowsHowFarItIs_LeavesTheWarningWhole()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/script"), "no terminal can be recorded here");
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("train"), $"stty rows 24 cols 200; exec dotnet '{Path.Combine(AppContext.BaseDirectory, "NativeMlp.Runner.dll")}' train --data spirals --epochs 2000 --hidden 64,64 --batch 20 --threads 1 --checkpoint-every 200 --out out");
        CommandResult result = Command.Shell(folder,
            "TERM=xterm script -qec 'bash train' /dev/null >recording & until [ -s out/last.safetensors ] || ! kill -0 $!; do sleep 0.02; done; "
            + "until rm -f out/last.safetensors; mkdir out/last.safetensors 2>/dev/null; do :; done; until grep -qs warning: recording || ! kill -0 $!; do sleep 0.02; done; rmdir out/last.safetensors; wait $!; code=$?; "
            + "exit $code").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        string recording = File.ReadAllText(folder.File("recording"));
        IReadOnlyList<string> screen = ScreenRecording.Lines(recording);
        Assert.Single(screen, line => line.StartsWith("nativemlp: warning: The state could not be saved as out/last.safetensors: ", StringComparison.Ordinal)
            && line.EndsWith(" The run continues and will try to save its state again.", StringComparison.Ordinal));
        Assert.Contains('━', recording);
        Assert.DoesNotContain(screen, line => line.Contains('━', StringComparison.Ordinal));
        Assert.Single(screen, line => line.StartsWith("last epoch", StringComparison.Ordinal));
    }
}
