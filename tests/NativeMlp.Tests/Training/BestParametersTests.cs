// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Training;

/// <summary>With early stopping a run gives back its best parameters, whatever ends it.</summary>
public sealed class BestParametersTests
{
    private const int Rows = 100;
    private const int BatchRows = 25;
    private const int Epochs = 12;

    private static readonly Dataset Data = Synthetic.Moons(Rows, seed: 3), Validation = Synthetic.Moons(60, seed: 4);
    private static readonly Optimizer Wild = Optimizer.SgdMomentum(1.5); // the best epoch is not the last

    [Fact]
    public void Train_OfAllEpochs_GivesBackTheBest()
    {
        (int best, float[] parameters) = Walk(Epochs * Rows / BatchRows);
        using Mlp mlp = Make();
        TrainingResult result = Trainer.Train(mlp, Data, Options(), Validation, cancellationToken: TestContext.Current.CancellationToken);
        Check(TrainingStatus.Completed, best, parameters, result, mlp);
    }

    [Fact]
    public void Train_ToASteps_GivesBackTheBest()
    {
        const int steps = 30; // in the middle of an epoch
        (int best, float[] parameters) = Walk(steps);
        using Mlp mlp = Make();
        TrainingResult result = Trainer.Train(mlp, Data, Options() with { MaxSteps = steps }, Validation, cancellationToken: TestContext.Current.CancellationToken);
        Check(TrainingStatus.Completed, best, parameters, result, mlp);
    }

    [Fact]
    public void Train_ThatIsInterrupted_GivesBackTheBest()
    {
        const int interrupted = 9;
        (int best, float[] parameters) = Walk(interrupted * Rows / BatchRows);
        using Mlp mlp = Make();
        using CancellationTokenSource stop = new();
        var watch = new Watch(report =>
        {
            if (report.Epoch == interrupted) stop.Cancel();
        });
        TrainingResult result = Trainer.Train(mlp, Data, Options(), Validation, watch, cancellationToken: stop.Token);
        Check(TrainingStatus.Canceled, best, parameters, result, mlp);
    }

    /// <summary>A schedule of one's own makes the rate of a late step so large that the next loss is no number.</summary>
    [Fact]
    public void Train_ThatDiverges_GivesBackTheBest()
    {
        const int last = 9 * Rows / BatchRows;
        (int best, float[] parameters) = Walk(last);
        using Mlp mlp = Make();
        TrainingResult result = Trainer.Train(mlp, Data, Options() with { Schedule = new Cliff(last) }, Validation, cancellationToken: TestContext.Current.CancellationToken);
        Check(TrainingStatus.Diverged, best, parameters, result, mlp);
    }

    [Fact]
    public void Train_InterruptedInTheFirstEpoch_KeepsTheLastParameters()
    {
        using Mlp mlp = Make();
        TrainingResult result = Trainer.Train(mlp, Data, Options(), Validation, cancellationToken: new CancellationToken(canceled: true));
        Assert.Equal((TrainingStatus.Canceled, (int?)null), (result.Status, result.BestEpoch));
    }

    // The same steps by hand, and of each whole epoch its loss and parameters.
    private static (int Best, float[] Parameters) Walk(int steps)
    {
        using Mlp mlp = Make();
        List<(double Loss, float[] Parameters)> epochs = [];
        int[] order = new int[Rows];
        int step = 0;
        for (int epoch = 1; step < steps; epoch++)
        {
            Kernels.RandomPermutation(seed: 1, (ulong)epoch, order);
            for (int batch = 0; batch < Rows / BatchRows && step < steps; batch++, step++)
                mlp.TrainStep(Data.AsBatch(order.AsSpan(batch * BatchRows, BatchRows)), Wild);
            epochs.Add((mlp.Evaluate(Validation.AsBatch()).Loss, TestData.Parameters(mlp)));
        }

        int best = epochs.FindIndex(epoch => epoch.Loss == epochs.Min(e => e.Loss));
        Assert.NotEqual(epochs.Count - 1, best); // else the test would show nothing
        return (best + 1, epochs[best].Parameters);
    }

    private static void Check(TrainingStatus status, int best, float[] parameters, TrainingResult result, Mlp mlp)
    {
        Assert.Equal((status, (int?)best), (result.Status, result.BestEpoch));
        Assert.Equal(parameters, TestData.Parameters(mlp));
        Assert.Contains($"epoch {best}, the best", result.Message, StringComparison.Ordinal);
    }

    private static TrainingOptions Options() => new()
    {
        Epochs = Epochs,
        BatchSize = BatchRows,
        Optimizer = Wild,
        EarlyStopping = new EarlyStopping(1000),
    };

    private static Mlp Make() => new(new MlpOptions { Inputs = 2, Hidden = [12], Outputs = 2, MaxBatch = BatchRows });

    private sealed record Cliff(long From) : LearningRateSchedule
    {
        public override double RateAt(in ScheduleStep at) => at.Step < From ? at.InitialRate : 1e30;
    }

    private sealed class Watch(Action<EpochReport> seen) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => seen(value);
    }
}
