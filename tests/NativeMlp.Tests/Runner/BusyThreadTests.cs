// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Interop;
using NativeMlp.Runner.Reports.Live;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Tests.Documents;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Runner;

/// <summary>Work that announces that it needs a processor also says when it has ended: otherwise, training would leave the processor unused
/// until the program ends.</summary>
[Collection(nameof(Alone))]
public sealed class BusyThreadTests
{
    [Fact]
    public void Dispose_Twice_EndsTheWorkOnce()
    {
        BusyThread first = new(), second = new();
        first.Dispose();
        first.Dispose();
        Assert.False(NoneIsBusy());
        second.Dispose();
        Assert.True(NoneIsBusy());
    }

    [Fact]
    public void BusyThread_WithALimit_EndsByItself()
    {
        using BusyThread limited = new(TimeSpan.FromMilliseconds(1));
        Assert.True(SpinWait.SpinUntil(NoneIsBusy, TimeSpan.FromSeconds(20)), "the thread is still busy");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // no state can be written
    public void Run_WithStatesAndPages_LeavesNoBusyThread(bool canSave)
    {
        using TemporaryFolder place = new();
        Dataset data = Synthetic.Moons(64, seed: 1);
        using Mlp mlp = new(new MlpOptions { Inputs = 2, Hidden = [4], Outputs = 2, MaxBatch = 16 });
        using (RunFolder folder = RunFolder.Claim(Path.Combine(place.Path, "run"), "moons"))
        using (TrainingRun run = new(folder, "moons", new RunChoices { CheckpointEvery = new CheckpointInterval(1, default) }, [new ReportObserver(threads: 1)]) { Config = (_, _) => Settings(folder, canSave) })
        {
            run.BeginPart(0);
            run.Run(new TrainingSession(mlp, data, new TrainingOptions { Epochs = 3, BatchSize = 16 }, data), 0, 1, TestContext.Current.CancellationToken);
            run.SaveState();
            Assert.Equal(canSave, File.Exists(folder.StatePath));
        }
        Assert.True(SpinWait.SpinUntil(NoneIsBusy, TimeSpan.FromSeconds(20)), "a thread is still busy"); // the first page may be unfinished
    }

    // The settings are written into the empty folder, before the first step.
    private static byte[] Settings(RunFolder folder, bool canSave)
    {
        if (!canSave)
            Directory.CreateDirectory(folder.StatePath);
        return "{}"u8.ToArray();
    }

    // The library refuses a number greater than int.MaxValue, so this asks without a change while a thread is busy.
    private static bool NoneIsBusy()
    {
        if (NativeMethods.nmlp_add_busy_threads(int.MaxValue) != (int)NativeStatus.Ok)
            return false;
        Assert.Equal((int)NativeStatus.Ok, NativeMethods.nmlp_add_busy_threads(-int.MaxValue));
        return true;
    }
}
