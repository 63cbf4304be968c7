// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Training;

public sealed class TrainerTests
{
    private static readonly Dataset Moons = Synthetic.Moons(210, seed: 1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Train_OverEpochs_KeepsTheLastPartialBatch()
    {
        using Mlp mlp = Make();
        var reports = new List<EpochReport>();
        TrainingResult result = Trainer.Train(mlp, Moons, Options(3) with { Schedule = new LearningRateSchedule.StepDecay(1, 0.5) }, Moons.Slice(0, 50), new Collect(reports), cancellationToken: Stop);
        Assert.Equal(TrainingStatus.Completed, result.Status);
        Assert.Equal([5, 10, 15], reports.Select(report => report.Step)); // 210 rows in batches of 50
        Assert.Equal([1, 2, 3], reports.Select(report => report.Epoch));
        Assert.Equal([0.01, 0.005, 0.0025], reports.Select(report => report.LearningRate));
        Assert.Equal(reports, result.Epochs);
        Assert.All(reports, report => Assert.InRange(report.ValidationAccuracy!.Value, 0, 1));
        Assert.All(reports, report => Assert.True(report.SamplesPerSecond > 0));
    }

    [Fact]
    public void Train_OnTheFourSets_LearnsWhatALineCannot()
    {
        foreach (Dataset data in new[] { Synthetic.Xor(1000, 1), Synthetic.Circles(1000, 1), Synthetic.Moons(1000, 1), Synthetic.Spirals(900, 1) })
        {
            double linear = Accuracy(data, []), hidden = Accuracy(data, [64]);
            Assert.True(hidden > 0.93, $"{data.Name}: {hidden}");
            Assert.True(linear < hidden - 0.08, $"{data.Name}: {linear} without, {hidden} with a hidden layer");
        }
    }

    [Fact]
    public void Train_WithTheSameSeed_GivesTheSameWeights()
    {
        Assert.Equal(Hash(seed: 1), Hash(seed: 1));
        Assert.NotEqual(Hash(seed: 1), Hash(seed: 2));
    }

    [Fact]
    public void Train_Cancelled_StopsAfterTheStepAndKeepsTheModel()
    {
        using Mlp mlp = Make();
        using var stop = new CancellationTokenSource();
        TrainingResult result = Trainer.Train(mlp, Moons, Options(1000), null, new Act(_ => stop.Cancel()), cancellationToken: stop.Token);
        Assert.Equal(TrainingStatus.Canceled, result.Status);
        Assert.InRange(result.Steps, 5, 6);
        Assert.True(double.IsFinite(mlp.Evaluate(Moons.AsBatch()).Loss));
    }

    [Fact]
    public void Train_WithAHugeRate_ReportsDivergence()
    {
        using Mlp mlp = Make();
        TrainingResult result = Trainer.Train(mlp, Moons, Options(50) with { Optimizer = Optimizer.Sgd(1e30) }, cancellationToken: Stop);
        Assert.Equal(TrainingStatus.Diverged, result.Status);
        Assert.Contains("smaller learning rate", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_OnWhatDoesNotFit_IsRefusedWithBothNumbers()
    {
        using Mlp mlp = Make();
        Assert.Contains("210", Refusal(mlp, Moons, Options(1) with { BatchSize = 211 }), StringComparison.Ordinal);
        Assert.Contains("50", Refusal(mlp, Moons, Options(1) with { BatchSize = 60 }), StringComparison.Ordinal);
        Assert.Contains("0", Refusal(mlp, Moons, Options(0)), StringComparison.Ordinal);
        Assert.Contains("3", Refusal(mlp, Synthetic.Spirals(90, 1), Options(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrainAsync_OnItsOwnThread_GivesTheSameModel()
    {
        using Mlp mlp = Make();
        await Trainer.TrainAsync(mlp, Moons, Options(5), cancellationToken: Stop);
        Assert.Equal(Hash(seed: 1), Checkpoint.WeightsSha256(mlp));
    }

    [Fact]
    public void Checkpoint_InTheMiddle_ContinuesWithTheSameBits()
    {
        using var folder = new TemporaryFolder();
        foreach (Optimizer optimizer in new[] { Optimizer.Sgd(0.01), Optimizer.SgdMomentum(0.01), Optimizer.Adam() })
        {
            using Mlp straight = Make();
            Steps(straight, optimizer, 0, 30);
            using Mlp first = Make();
            Steps(first, optimizer, 0, 13);
            Checkpoint.Save(first, folder.File("half.safetensors"));
            using LoadedCheckpoint loaded = Checkpoint.Load(folder.File("half.safetensors"));
            Assert.Equal(first.OptimizerState, loaded.Mlp.OptimizerState);
            Steps(loaded.Mlp, optimizer, 13, 30);
            Assert.Equal(Checkpoint.WeightsSha256(straight), Checkpoint.WeightsSha256(loaded.Mlp));
        }
    }

    private static void Steps(Mlp mlp, Optimizer optimizer, int from, int to)
    {
        for (int step = from; step < to; step++)
            mlp.TrainStep(Moons.Slice(step, 50).AsBatch(), optimizer);
    }

    private static string Refusal(Mlp mlp, Dataset data, TrainingOptions options) =>
        Assert.ThrowsAny<ArgumentException>(() => Trainer.Train(mlp, data, options, cancellationToken: Stop)).Message;

    private static string Hash(ulong seed)
    {
        using Mlp mlp = Make();
        Trainer.Train(mlp, Moons, Options(5) with { Seed = seed }, cancellationToken: Stop);
        return Checkpoint.WeightsSha256(mlp);
    }

    private static double Accuracy(Dataset data, int[] hidden)
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = hidden, Outputs = data.Classes, MaxBatch = 50 });
        Trainer.Train(mlp, data, Options(150), cancellationToken: Stop);
        return mlp.Evaluate(data.AsBatch()).Accuracy!.Value;
    }

    private static Mlp Make() => new(new MlpOptions { Inputs = 2, Hidden = [16], Outputs = 2, MaxBatch = 50 });

    private static TrainingOptions Options(int epochs) => new() { Epochs = epochs, BatchSize = 50, Optimizer = Optimizer.Adam(0.01) };

    private sealed class Collect(List<EpochReport> reports) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => reports.Add(value);
    }

    private sealed class Act(Action<EpochReport> action) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => action(value);
    }
}
