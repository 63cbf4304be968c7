// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;
using NativeMlp.State;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Training;

public sealed class TrainingSessionTests
{
    private const int Runs = 40;
    private const int CapturesOfRun = 5;
    private const string FolderVariable = "NATIVEMLP_TEST_STATES";

    /// <summary>200 states of 40 random runs, each restored in another process, end as the run that was never stopped.</summary>
    [Fact]
    [Trait("Starts", "Processes")]
    public void Restore_InANewProcess_EndsWithTheSameBytes()
    {
        using var folder = new TemporaryFolder();
        Dictionary<string, string> expected = CaptureAll(folder.Path);
        Assert.Equal(Runs * CapturesOfRun, Directory.GetFiles(folder.Path).Length);
        CommandResult child = new Command("dotnet", Path.Combine(AppContext.BaseDirectory, "NativeMlp.Tests.dll"),
            "-method", $"{typeof(TrainingSessionTests).FullName}.{nameof(Restore_OfEachState_EndsWithTheSameBytes)}")
            .With(FolderVariable, folder.Path).Run();
        Assert.True(child.ExitCode == 0, child.ToString());
        Compare(expected, Directory.GetFiles(folder.Path, "*.txt").ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText));
    }

    /// <summary>The same within a process; as the child of the test above it takes the states that it is given.</summary>
    [Fact]
    public void Restore_OfEachState_EndsWithTheSameBytes()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { } given)
        {
            foreach ((string name, string end) in ResumeAll(given)) File.WriteAllText(Path.Combine(given, name + ".txt"), end);
            return;
        }

        using var folder = new TemporaryFolder();
        Compare(CaptureAll(folder.Path), ResumeAll(folder.Path));
    }

    [Fact]
    public void Step_ToTheEnd_IsWhatTheTrainerDoes()
    {
        var run = new RandomRun(3);
        using Mlp byHand = new(run.Network), trained = new(run.Network);
        var session = new TrainingSession(byHand, run.Train, run.Options, run.Validation);
        List<StepReport> steps = [];
        while (session.Status is null) steps.Add(session.Step());
        TrainingResult expected = Trainer.Train(trained, run.Train, run.Options, run.Validation, cancellationToken: TestContext.Current.CancellationToken);
        TrainingResult result = session.End();
        Assert.Equal(Checkpoint.WeightsSha256(trained), Checkpoint.WeightsSha256(byHand));
        Assert.Equal((expected.Status, expected.Steps, expected.Message), (result.Status, result.Steps, result.Message));
        Assert.Equal(Enumerable.Range(1, steps.Count).Select(step => (long)step), steps.Select(step => step.Step));
        Assert.Equal(result.Epochs, steps.Select(step => step.CompletedEpoch).OfType<EpochReport>());
        Assert.Throws<InvalidOperationException>(() => session.Step());
        Assert.Throws<InvalidOperationException>(session.Capture);
    }

    [Fact]
    public void Steps_OfManySteps_AllocateNoMoreThanOfFew()
    {
        static long Allocated(int batch)
        {
            Dataset data = Synthetic.Moons(20_000, seed: 1);
            using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [8], Outputs = 2 });
            var counter = new Counter();
            long allocated = Allocation.Of(() => Trainer.Train(
                mlp, data, new TrainingOptions { Epochs = 2, BatchSize = batch }, steps: counter, cancellationToken: TestContext.Current.CancellationToken));
            Assert.Equal(0, counter.Steps % (2 * 20_000 / batch)); // it is measured several times
            return allocated;
        }

        Assert.InRange(Allocated(2) - Allocated(100), -8192, 8192); // what a collection charges a thread
    }

    [Fact]
    public void Restore_OfAnotherRun_IsRefusedWithTheDifference()
    {
        Dataset data = Synthetic.Moons(60, seed: 1);
        var network = new MlpOptions { Inputs = 2, Hidden = [8], Outputs = 2, MaxBatch = 20 };
        var options = new TrainingOptions { Epochs = 4, BatchSize = 20, Schedule = new LearningRateSchedule.StepDecay(1, 0.5) };
        using var mlp = new Mlp(network);
        var session = new TrainingSession(mlp, data, options);
        for (int i = 0; i < 4; i++) session.Step();
        TrainingState state = session.Capture();

        Refused("BatchSize = 20; this run has BatchSize = 10", network, data, options with { BatchSize = 10 });
        Refused("LearningRate = 0.001; this run has LearningRate = 0.01", network, data, options with { Optimizer = Optimizer.Adam(0.01) });
        Refused("Optimizer = Adam; this run has Optimizer = Sgd", network, data, options with { Optimizer = Optimizer.Sgd(0.001) });
        Refused("AmsGrad = False; this run has AmsGrad = True", network, data, options with { Optimizer = Optimizer.Adam(amsGrad: true) });
        Refused("Factor = 0.5 }; this run", network, data, options with { Schedule = new LearningRateSchedule.StepDecay(1, 0.25) });
        Refused("Layers[0].Outputs = 8; this run has Layers[0].Outputs = 9", network with { Hidden = [9] }, data, options);
        Refused("60 rows of 2 features and 2 classes of training data; this run has 61 rows", network, Synthetic.Moons(61, seed: 1), options);
        Refused("different contents", network, Synthetic.Moons(60, seed: 2), options);
        Refused("with them", network, data, options, data.Slice(0, 10));
        Refused("after step 4; this run ends at step 3", network, data, options with { MaxSteps = 3 });

        void Refused(string words, MlpOptions otherNetwork, Dataset otherData, TrainingOptions otherOptions, Dataset? validation = null)
        {
            using var other = new Mlp(otherNetwork);
            string before = Checkpoint.WeightsSha256(other);
            ArgumentException refusal = Assert.Throws<ArgumentException>(() => new TrainingSession(other, otherData, otherOptions, validation).Restore(state));
            Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
            Assert.Equal(before, Checkpoint.WeightsSha256(other));
        }
    }

    /// <summary>A state that was written before the optimizer had these options does not name them.</summary>
    [Fact]
    public void Restore_OfAnOlderState_GoesOnWithoutTheLaterOptions()
    {
        Dataset data = Synthetic.Moons(60, seed: 1);
        var network = new MlpOptions { Inputs = 2, Hidden = [8], Outputs = 2, MaxBatch = 20 };
        var options = new TrainingOptions { Epochs = 4, BatchSize = 20 };
        using Mlp first = new(network), second = new(network);
        var session = new TrainingSession(first, data, options);
        session.Step();
        TrainingState state = session.Capture();
        string[] later = [nameof(Optimizer.AmsGrad), nameof(Optimizer.Centered), nameof(Optimizer.Dampening), nameof(Optimizer.InitialAccumulator)];
        Assert.All(later, name => Assert.Contains(name, state.Settings.Keys));
        state = state with { Settings = state.Settings.Where(entry => !later.Contains(entry.Key)).ToDictionary() };
        new TrainingSession(second, data, options).Restore(state);
        Assert.Equal(Checkpoint.WeightsSha256(first), Checkpoint.WeightsSha256(second));
        var other = new TrainingSession(second, data, options with { Optimizer = Optimizer.Adam(amsGrad: true) });
        Assert.Contains("AmsGrad = False", Assert.Throws<ArgumentException>(() => other.Restore(state)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_WithMoreEpochs_GoesOnUnlessTheScheduleDependsOnTheEnd()
    {
        Dataset data = Synthetic.Moons(60, seed: 1);
        var network = new MlpOptions { Inputs = 2, Hidden = [8], Outputs = 2, MaxBatch = 20 };
        var whole = new TrainingOptions { Epochs = 6, BatchSize = 20, Schedule = new LearningRateSchedule.StepDecay(2, 0.5) };
        Assert.Equal(Hash(whole, resumedFrom: null), Hash(whole, resumedFrom: whole with { Epochs = 3 }));
        TrainingOptions cosine = whole with { Schedule = new LearningRateSchedule.Cosine() };
        Assert.Contains("Epochs = 3", Assert.Throws<ArgumentException>(() => Hash(cosine, resumedFrom: cosine with { Epochs = 3 })).Message, StringComparison.Ordinal);

        string Hash(TrainingOptions options, TrainingOptions? resumedFrom)
        {
            using Mlp first = new(network), second = new(network);
            var session = new TrainingSession(second, data, options);
            if (resumedFrom is not null)
            {
                var before = new TrainingSession(first, data, resumedFrom);
                while (before.Status is null) before.Step();
                session.Restore(before.Capture());
            }

            while (session.Status is null) session.Step();
            session.End();
            return Checkpoint.WeightsSha256(second);
        }
    }

    [Fact]
    public void Restore_OfAStateThatNoRunPasses_IsRefused()
    {
        var run = new RandomRun(1);
        using var mlp = new Mlp(run.Network);
        var session = new TrainingSession(mlp, run.Train, run.Options, run.Validation);
        session.Step();
        TrainingState good = session.Capture();
        foreach (TrainingPosition bad in new[] { good.Position with { Epoch = -1 }, good.Position with { Row = -3 }, good.Position with { Row = 1 }, good.Position with { Step = 7 } })
            Assert.Contains("which is impossible for a run", Assert.Throws<ArgumentException>(() => session.Restore(good with { Position = bad })).Message, StringComparison.Ordinal);
        NetworkState network = good.Network;
        Assert.Contains("different lengths", Assert.Throws<ArgumentException>(
            () => session.Restore(good with { Network = network with { Parameters = [.. network.Parameters.Skip(1)] } })).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever a user can set changes the settings of a state, or is known not to matter.</summary>
    [Theory]
    [InlineData(typeof(TrainingOptions), new[] { "Optimizer", "EarlyStopping" })]
    [InlineData(typeof(Optimizer), new[] { "Kind" })]
    [InlineData(typeof(MlpOptions), new[] { "Hidden", "Outputs", "Activation", "ActivationAlpha", "Pieces", "OutputActivation", "Norm", "Dropout", "Layers",
        "Initialization", "InitialStdDev", "MaxBatch", "Threads" })]
    public void Settings_OfAState_NameEveryOption(Type options, string[] otherwise)
    {
        var inFiles = new Dictionary<string, string> { ["Sampling"] = "Drawing", ["Rho"] = "Smoothing" };
        var run = new RandomRun(1);
        using var mlp = new Mlp(run.Network);
        var settings = new TrainingSession(mlp, run.Train, run.Options).Capture().Settings;
        foreach (string name in options.GetProperties().Where(property => property.CanWrite).Select(property => property.Name).Except(otherwise).Select(name => inFiles.GetValueOrDefault(name, name)))
            Assert.True(settings.ContainsKey(name) || settings.ContainsKey($"{options.Name}.{name}"), $"{options.Name}.{name} is not among the settings");
    }

    private static Dictionary<string, string> CaptureAll(string folder)
    {
        var expected = new Dictionary<string, string>();
        for (int number = 0; number < Runs; number++)
        {
            var run = new RandomRun(number);
            using Mlp mlp = new(run.Network), captured = new(run.Network);
            var straight = new TrainingSession(mlp, run.Train, run.Options, run.Validation);
            while (straight.Status is null) straight.Step();
            int steps = (int)straight.Steps;
            string end = End(mlp, straight);
            int[] places = [.. Enumerable.Range(0, CapturesOfRun).Select(_ => run.Below(steps + 1)).Order()];
            var session = new TrainingSession(captured, run.Train, run.Options, run.Validation);
            for (int i = 0; i < places.Length; i++)
            {
                while (session.Steps < places[i]) session.Step();
                string name = string.Create(CultureInfo.InvariantCulture, $"{number}-{i}");
                TrainingStateFile.Save(session.Capture(), Path.Combine(folder, name + ".safetensors"));
                expected[name] = end;
            }
        }

        return expected;
    }

    private static Dictionary<string, string> ResumeAll(string folder)
    {
        var ends = new Dictionary<string, string>();
        foreach (string file in Directory.GetFiles(folder, "*.safetensors"))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            var run = new RandomRun(int.Parse(name.Split('-')[0], CultureInfo.InvariantCulture));
            using var mlp = new Mlp(run.Network);
            var session = new TrainingSession(mlp, run.Train, run.Options, run.Validation);
            session.Restore(TrainingStateFile.Load(file));
            while (session.Status is null) session.Step();
            ends[name] = End(mlp, session);
        }

        return ends;
    }

    // Weights, moments and words: all that a run leaves behind.
    private static string End(Mlp mlp, TrainingSession session)
    {
        TrainingResult result = session.End();
        return $"{Checkpoint.WeightsSha256(mlp)} {mlp.OptimizerState} {result.Status} {result.Steps} {result.Message}";
    }

    private static void Compare(Dictionary<string, string> expected, Dictionary<string, string> found)
    {
        Assert.Equal(expected.Count, found.Count);
        foreach ((string name, string end) in expected)
            Assert.True(end == found[name], $"{name} ({new RandomRun(int.Parse(name.Split('-')[0], CultureInfo.InvariantCulture))}):\n{end}\n{found[name]}");
    }

    private sealed class Counter : IProgress<StepReport>
    {
        public int Steps { get; private set; }

        public void Report(StepReport value) => Steps++;
    }
}
