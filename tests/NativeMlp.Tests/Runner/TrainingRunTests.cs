// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Live;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Runner;

/// <summary>What the folder of a run costs the steps, and what observers are told.</summary>
public sealed class TrainingRunTests
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public void Run_OfManySteps_AllocatesNoMoreThanOfFew()
    {
        static long Allocated(int batch)
        {
            Dataset data = Synthetic.Moons(20_000, seed: 1);
            using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [8], Outputs = 2 });
            using var folder = new TemporaryFolder();
            return Allocation.Of(() => Train(mlp, data, batch, folder, new RunChoices { LogEvery = 7, Overwrite = true }, []));
        }

        Allocated(100); // the file's first lines
        Assert.InRange(Allocated(2) - Allocated(100), -65_536, 65_536); // some 20,000 steps more
    }

    [Fact]
    public void Run_WithAnObserver_TellsItAllInOrder()
    {
        Dataset data = Synthetic.Moons(60, seed: 1);
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2 });
        using var folder = new TemporaryFolder();
        var observer = new Recorder();
        Train(mlp, data, 20, folder, new RunChoices(), [observer]);
        Assert.Equal(["start 1 2 3 6 60", "part 0 1", "step 0 1", "step 0 2", "step 0 3", "epoch 0 1", "step 0 4", "step 0 5", "step 0 6", "epoch 0 2"], observer.Told);
    }

    /// <summary>A limit of steps may end the run before its epochs do; what shows how far it is must know.</summary>
    [Theory]
    [InlineData(0, "start 1 2 3 6 60")]
    [InlineData(4, "start 1 2 3 4 60")]
    [InlineData(3, "start 1 1 3 3 60")]
    [InlineData(1, "start 1 1 3 1 60")]
    public void Run_WithALimitOfSteps_TellsHowManyWillBeTaken(long most, string told)
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2 });
        using var folder = new TemporaryFolder();
        var observer = new Recorder();
        Train(mlp, Synthetic.Moons(60, seed: 1), 20, folder, new RunChoices(), [observer], most);
        Assert.Equal(told, observer.Told[0]);
    }

    /// <summary>A fold may have fewer networks than the model or the next fold, because it has other rows.</summary>
    [Fact]
    public void Run_OfPartsWithOtherNetworks_TellsTheSizesOfEach()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2 });
        using var place = new TemporaryFolder();
        using RunFolder folder = RunFolder.Claim(place.File("run"), "moons");
        var recorder = new Recorder();
        ProgressObserver progress = new(Terminal.Create());
        using (TrainingRun run = new(folder, "moons", new RunChoices(), [recorder, progress]) { Config = (_, _) => [] })
        {
            foreach ((int fold, int networks) in ((int, int)[])[(1, 1), (2, 5), (0, 1)])
            {
                run.BeginPart(fold);
                run.Run(new TrainingSession(mlp, Synthetic.Moons(60, seed: 1), new TrainingOptions { Epochs = 1, BatchSize = 60 }), networks - 1, networks, s_token);
            }
        }

        Assert.Equal(["part 1 1", "step 0 1", "epoch 0 1", "part 2 5", "step 4 1", "epoch 4 1", "part 0 1", "step 0 1", "epoch 0 1"], recorder.Told[1..]);
        string[] lines = [.. File.ReadLines(folder.MetricsPath)];
        Assert.StartsWith("{\"event\":\"epoch\",\"fold\":1,\"epoch\":1,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("{\"event\":\"epoch\",\"fold\":2,\"network\":4,\"epoch\":1,", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("{\"event\":\"epoch\",\"epoch\":1,", lines[2], StringComparison.Ordinal);
    }

    /// <summary>Where a network has diverged there will be no model: the others take no further step, those of the next part do.</summary>
    [Fact]
    public void Run_AfterANetworkHasDiverged_TakesNoStepInItsPart()
    {
        using Mlp first = new(new MlpOptions { Inputs = 2, Hidden = [8], Outputs = 2 }), second = new(first.Options);
        using var place = new TemporaryFolder();
        using RunFolder folder = RunFolder.Claim(place.File("run"), "moons");
        using TrainingRun run = new(folder, "moons", new RunChoices(), []) { Config = (_, _) => [] };
        run.BeginPart(1);
        Assert.Equal(TrainingStatus.Diverged, run.Run(SessionOf(first, 1e38), 0, 2, s_token).Status);
        Assert.Equal(0, run.Run(SessionOf(second, 0.1), 1, 2, s_token).Steps);
        run.BeginPart(2);
        Assert.Equal(6, run.Run(SessionOf(second, 0.1), 0, 1, s_token).Steps);

        static TrainingSession SessionOf(Mlp mlp, double rate) =>
            new(mlp, Synthetic.Moons(60, seed: 1), new TrainingOptions { Epochs = 2, BatchSize = 20, Optimizer = Optimizer.Sgd(rate) });
    }

    [Theory]
    [InlineData(false, false, "The state is saved in {run}. Resume the run with nativemlp train --resume {run}.")]
    [InlineData(true, false, "No state of the run was saved; name a folder on another disk with --spill.")]
    [InlineData(true, true, "It is saved in {spill}. Resume the run with nativemlp train --resume {spill}.")]
    public void StateSentence_AfterTheStateWasToBeSaved_SaysWhereItIs(bool isBlocked, bool spills, string words)
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2 });
        using var place = new TemporaryFolder();
        using RunFolder folder = RunFolder.Claim(place.File("run"), "moons");
        var recorder = new Recorder { AtEpoch = () => isBlocked ? Directory.CreateDirectory(folder.StatePath) : null };
        using TrainingRun run = new(folder, "moons", new RunChoices { Spill = spills ? place.File("spill") : null }, [recorder]) { Config = (_, _) => [] };
        run.BeginPart(0);
        Assert.Equal("No state was saved, because the run had not completed a step.", run.StateSentence);
        run.Run(new TrainingSession(mlp, Synthetic.Moons(60, seed: 1), new TrainingOptions { Epochs = 1, BatchSize = 60 }), 0, 1, s_token);
        run.SaveState();
        Assert.EndsWith(words.Replace("nativemlp", Invocation.Program, StringComparison.Ordinal).Replace("{run}", folder.Folder, StringComparison.Ordinal)
            .Replace("{spill}", place.File("spill"), StringComparison.Ordinal), run.StateSentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_OfAFolderThatHasOnlyKeptStates_NamesTheNewest()
    {
        using var place = new TemporaryFolder();
        using RunFolder folder = RunFolder.Claim(place.File("run"), "moons");
        string older = place.Write("run/state-20.safetensors", [1]), newest = place.Write("run/state-3.safetensors", [1]);
        File.SetLastWriteTimeUtc(older, DateTime.UtcNow.AddMinutes(-1));
        RunnerException refused = Assert.Throws<RunnerException>(() => new TrainingRun(folder, "moons", new RunChoices { Resume = folder.Folder }, []) { Config = (_, _) => [] });
        Assert.EndsWith($" train --resume {newest}.", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(older));
    }

    private static void Train(Mlp mlp, Dataset data, int batch, TemporaryFolder place, RunChoices choices, IReadOnlyList<IRunObserver> observers, long steps = 0)
    {
        using RunFolder folder = RunFolder.Claim(place.File("run"), "moons", choices.Overwrite);
        using TrainingRun run = new(folder, "moons", choices, observers) { Config = (_, _) => [] };
        run.BeginPart(0);
        run.Run(new TrainingSession(mlp, data, new TrainingOptions { Epochs = 2, BatchSize = batch, MaxSteps = steps }), 0, 1, s_token);
    }

    private sealed class Recorder : IRunObserver
    {
        public List<string> Told { get; } = [];

        public Func<object?>? AtEpoch { get; init; }

        public void Started(RunStart start) => Told.Add($"start {start.Networks} {start.Epochs} {start.StepsPerEpoch} {start.Steps} {start.Rows}");

        public void PartBegan(int fold, RunStart part) => Told.Add($"part {fold} {part.Networks}");

        public void Stepped(int network, in StepReport step) => Told.Add($"step {network} {step.Step}");

        public void EpochEnded(int network, EpochReport epoch)
        {
            Told.Add($"epoch {network} {epoch.Epoch}");
            AtEpoch?.Invoke();
        }

        public string? Finished(RunEnd end)
        {
            Told.Add("end");
            return null;
        }
    }
}
