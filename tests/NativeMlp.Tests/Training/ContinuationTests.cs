// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Training;

/// <summary>What the documentation of checkpoints says about training in two parts.</summary>
public sealed class ContinuationTests
{
    private const int Rows = 90;
    private const int BatchRows = 30;
    private const int Half = 3;

    private static readonly Dataset Data = Synthetic.Spirals(Rows, seed: 1);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OptimizerKind.Adam, 0)]
    [InlineData(OptimizerKind.Adam, 0.2)]
    [InlineData(OptimizerKind.Momentum, 0)]
    public void Train_InOrderAtAConstantRate_GoesOnWithTheSameBits(OptimizerKind kind, double dropout)
    {
        TrainingOptions options = Options(BatchSampling.InOrder) with { Optimizer = kind == OptimizerKind.Adam ? Optimizer.Adam(1e-2) : Optimizer.SgdMomentum(1e-1) };
        using Mlp whole = Make(dropout);
        Trainer.Train(whole, Data, options with { Epochs = 2 * Half }, cancellationToken: Stop);
        Assert.Equal(Checkpoint.WeightsSha256(whole), InHalves(options, dropout));
    }

    /// <summary>The second part draws the rows of the epochs 1, 2, … again.</summary>
    [Fact]
    public void Train_Shuffled_BeginsTheOrderAnew()
    {
        using Mlp byHand = Make();
        int[] order = new int[Rows];
        for (int epoch = 0; epoch < 2 * Half; epoch++)
        {
            Kernels.RandomPermutation(seed: 1, (ulong)(epoch % Half) + 1, order);
            for (int at = 0; at < Rows; at += BatchRows) byHand.TrainStep(Data.AsBatch(order.AsSpan(at, BatchRows)), Optimizer.Adam(1e-2));
        }

        Assert.Equal(Checkpoint.WeightsSha256(byHand), InHalves(Options(BatchSampling.Shuffled)));
    }

    /// <summary>The second part begins at the first rate again.</summary>
    [Fact]
    public void Train_WithASchedule_BeginsItAnew()
    {
        using Mlp byHand = Make();
        for (int epoch = 0; epoch < 2 * Half; epoch++)
        {
            double rate = 1e-2 / (1 << (epoch % Half));
            for (int at = 0; at < Rows; at += BatchRows)
                byHand.TrainStep(Data.AsBatch([.. Enumerable.Range(at, BatchRows)]), Optimizer.Adam(rate));
        }

        Assert.Equal(Checkpoint.WeightsSha256(byHand), InHalves(Options(BatchSampling.InOrder) with { Schedule = new LearningRateSchedule.StepDecay(1, 0.5) }));
    }

    [Fact]
    public void Save_AfterTraining_SaysSeedAndEpochs()
    {
        using var folder = new TemporaryFolder();
        using Mlp mlp = Make();
        Trainer.Train(mlp, Data, Options(BatchSampling.Shuffled) with { Seed = 42 }, cancellationToken: Stop);
        Checkpoint.Save(mlp, folder.File("half"));
        using LoadedCheckpoint half = Checkpoint.Load(folder.File("half"));
        Assert.Equal((42UL, Half), (half.Info.Seed, half.Info.Epochs));
        Trainer.Train(half.Mlp, Data, Options(BatchSampling.Shuffled) with { Seed = 43 }, cancellationToken: Stop);
        Checkpoint.Save(half.Mlp, folder.File("whole"), new CheckpointInfo { DataSet = "spirals" });
        using LoadedCheckpoint whole = Checkpoint.Load(folder.File("whole"));
        Assert.Equal(("spirals", 43UL, 2 * Half), (whole.Info.DataSet, whole.Info.Seed, whole.Info.Epochs));
        Checkpoint.Save(whole.Mlp, folder.File("said"), new CheckpointInfo { Seed = 0, Epochs = 0 });
        using LoadedCheckpoint said = Checkpoint.Load(folder.File("said"));
        Assert.Equal((0UL, 0), (said.Info.Seed, said.Info.Epochs)); // what is said wins
    }

    private static string InHalves(TrainingOptions options, double dropout = 0)
    {
        using var folder = new TemporaryFolder();
        using (Mlp first = Make(dropout))
        {
            Trainer.Train(first, Data, options, cancellationToken: Stop);
            Checkpoint.Save(first, folder.File("half"));
        }

        using LoadedCheckpoint second = Checkpoint.Load(folder.File("half"));
        Trainer.Train(second.Mlp, Data, options, cancellationToken: Stop);
        return Checkpoint.WeightsSha256(second.Mlp);
    }

    private static TrainingOptions Options(BatchSampling drawing) =>
        new() { Epochs = Half, BatchSize = BatchRows, Optimizer = Optimizer.Adam(1e-2), Sampling = drawing };

    private static Mlp Make(double dropout = 0) =>
        new(new MlpOptions { Inputs = 2, Hidden = [16], Outputs = 3, MaxBatch = BatchRows, Dropout = dropout });
}
