// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.State;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Runner;

/// <summary>Which states are in the folder of a run, and when.</summary>
public sealed class StateKeeperTests
{
    [Fact]
    public void Finish_WithFewerStepsThanAnEarlierPart_KeepsTheNewestStates()
    {
        using var place = new TemporaryFolder();
        using RunFolder folder = RunFolder.Claim(place.File("run"), "moons");
        using MetricsFile metrics = new(folder.MetricsPath, logEvery: 0);
        foreach ((int step, int minutes) in ((int, int)[])[(30, 3), (40, 2)])
            File.SetLastWriteTimeUtc(place.Write($"run/state-{step}.safetensors", [1]), DateTime.UtcNow.AddMinutes(-minutes));
        using StateKeeper keeper = new(folder, metrics, new RunChoices { Keep = 2 });
        keeper.Begin([null]);
        keeper.Hold(0, State());
        Assert.True(keeper.Finish());
        Assert.Equal(["state-40.safetensors", "state-1.safetensors"], folder.KeptStates.Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void Finish_WhereTheCopyCannotBeKept_SavesTheLastState()
    {
        using var place = new TemporaryFolder();
        using RunFolder folder = RunFolder.Claim(place.File("run"), "moons");
        using MetricsFile metrics = new(folder.MetricsPath, logEvery: 0);
        Directory.CreateDirectory(place.File("run/state-1.safetensors"));
        using StateKeeper keeper = new(folder, metrics, new RunChoices { Keep = 2 });
        keeper.Begin([null]);
        keeper.Hold(0, State());
        Assert.True(keeper.Finish());
        Assert.Single(TrainingStateFile.LoadRun(folder.StatePath).Networks);
    }

    [Fact]
    public void Dispose_WhileAStateIsWritten_WaitsForIt()
    {
        using var place = new TemporaryFolder();
        using RunFolder folder = RunFolder.Claim(place.File("run"), "moons");
        using MetricsFile metrics = new(folder.MetricsPath, logEvery: 0);
        StateKeeper keeper = new(folder, metrics, new RunChoices());
        keeper.Begin([null]);
        keeper.Keep(0, State());
        keeper.Dispose();
        Assert.True(File.Exists(folder.StatePath));
    }

    private static TrainingState State()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2 });
        TrainingSession session = new(mlp, Synthetic.Moons(60, seed: 1), new TrainingOptions { Epochs = 1, BatchSize = 30 });
        session.Step();
        return session.Capture();
    }
}
