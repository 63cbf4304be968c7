// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Training;

/// <summary>What a training run is, step by step: the same steps by hand give the same numbers.</summary>
public sealed class TrainerStepTests
{
    private const int Batch = 30;

    private static readonly Dataset Data = Synthetic.Spirals(100, seed: 4);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_OverEpochs_IsItsStepsByHand(bool shuffle)
    {
        var options = new TrainingOptions { Epochs = 3, BatchSize = Batch, Schedule = new LearningRateSchedule.StepDecay(1, 0.9), Seed = 11, Sampling = shuffle ? BatchSampling.Shuffled : BatchSampling.InOrder };
        using Mlp trained = Make();
        TrainingResult result = Trainer.Train(trained, Data, options, Data.Slice(5, 40), cancellationToken: Stop);
        using Mlp byHand = Make();
        int[] order = [.. Enumerable.Range(0, Data.Count)];
        double rate = options.Optimizer.LearningRate;
        for (int epoch = 1; epoch <= 3; epoch++, rate *= 0.9)
        {
            if (shuffle)
                Kernels.RandomPermutation(options.Seed, (ulong)epoch, order);

            StepResult[] steps = [.. order.Chunk(Batch).Select(rows => byHand.TrainStep(Data.AsBatch(rows), options.Optimizer with { LearningRate = rate }))];
            EpochReport report = result.Epochs[epoch - 1];
            Assert.Equal(4, steps.Length); // 30 + 30 + 30 + 10 rows
            Assert.Equal(steps.Sum(step => step.Loss * step.Rows) / 100, report.TrainLoss, 1e-12);
            Assert.Equal(steps.Sum(step => step.Correct) / 100.0, report.TrainAccuracy);
            Assert.Equal(rate, report.LearningRate);
            StepResult held = byHand.Evaluate(Data.Slice(5, 40).AsBatch());
            Assert.Equal((held.Loss, held.Accuracy), (report.ValidationLoss, report.ValidationAccuracy));
        }

        Assert.Equal(TestData.Parameters(byHand), TestData.Parameters(trained));
        Assert.Equal((TrainingStatus.Completed, 12L), (result.Status, result.Steps));
    }

    [Fact]
    public void Train_WithoutValidation_ReportsNone()
    {
        using Mlp mlp = Make();
        EpochReport report = Trainer.Train(mlp, Data, new TrainingOptions { Epochs = 1, BatchSize = Batch }, cancellationToken: Stop).Epochs[0];
        Assert.Null(report.ValidationLoss);
        Assert.Null(report.ValidationAccuracy);
        Assert.True(report.Elapsed > TimeSpan.Zero);
    }

    [Fact]
    public void Train_CancelledBefore_TakesNoStep()
    {
        using Mlp mlp = Make();
        float[] before = TestData.Parameters(mlp);
        TrainingResult result = Trainer.Train(mlp, Data, new TrainingOptions { BatchSize = Batch }, cancellationToken: new CancellationToken(canceled: true));
        Assert.Equal((TrainingStatus.Canceled, 0L), (result.Status, result.Steps));
        Assert.Empty(result.Epochs);
        Assert.Equal(before, TestData.Parameters(mlp));
    }

    [Fact]
    public async Task TrainAsync_Cancelled_EndsAsACancelledTask()
    {
        using Mlp mlp = Make();
        using var stop = new CancellationTokenSource();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<TrainingResult> training = Trainer.TrainAsync(
            mlp, Data, new TrainingOptions { Epochs = 1_000_000, BatchSize = Batch }, progress: new First(first), cancellationToken: stop.Token);
        await first.Task;
        await stop.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training);
        Assert.Equal(stop.Token, error.CancellationToken);
        Assert.True(training.IsCanceled);
        Assert.True(mlp.OptimizerState.Steps >= 4); // what it had reached is kept
    }

    [Fact]
    public async Task TrainAsync_CancelledBefore_TakesNoStep()
    {
        using Mlp mlp = Make();
        Task<TrainingResult> training = Trainer.TrainAsync(
            mlp, Data, new TrainingOptions { BatchSize = Batch }, cancellationToken: new CancellationToken(canceled: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training);
        Assert.Equal(0UL, mlp.OptimizerState.Steps);
    }

    [Fact]
    public async Task TrainAsync_CancelledAfterItsLastStep_HasAResult()
    {
        using Mlp mlp = Make();
        using var stop = new CancellationTokenSource();
        Task<TrainingResult> training = Trainer.TrainAsync(
            mlp, Data, new TrainingOptions { Epochs = 1, BatchSize = Batch }, progress: new Cancels(stop), cancellationToken: stop.Token);
        Assert.Equal(TrainingStatus.Completed, (await training).Status);
    }

    /// <summary>The steps of an epoch allocate nothing: an epoch costs its report, however many steps it has.</summary>
    [Fact]
    public void Train_OfManySteps_AllocatesNoMoreThanOfFew()
    {
        static long Allocated(int batch)
        {
            Dataset data = Synthetic.Moons(20_000, seed: 1);
            using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [8], Outputs = 2 });
            var options = new TrainingOptions { Epochs = 2, BatchSize = batch };
            return Allocation.Of(() => Trainer.Train(mlp, data, options, cancellationToken: Stop));
        }

        // 20,000 steps against 400: the smallest object in one of fifty would be 9 KB. A garbage collection, which any other
        // thread may cause, charges a thread for what it had left of its allocation area: up to 8 KiB.
        Assert.InRange(Allocated(2) - Allocated(100), -8192, 8192);
    }

    [Fact]
    public void Options_OutOfRange_AreRefusedByName()
    {
        using Mlp mlp = Make();
        var good = new TrainingOptions { BatchSize = Batch };
        foreach ((string word, TrainingOptions bad) in new[]
        {
            ("Epochs is 0", good with { Epochs = 0 }),
            ("BatchSize is -1", good with { BatchSize = -1 }),
            ("Factor is NaN", good with { Schedule = new LearningRateSchedule.StepDecay(1, double.NaN) }),
            ("Factor is 0", good with { Schedule = new LearningRateSchedule.StepDecay(1, 0) }),
            ("LearningRate is NaN", good with { Optimizer = Optimizer.Adam(double.NaN) }),
            ("BatchSize is 101", good with { BatchSize = 101 }),
        })
        {
            Assert.Contains(word, Assert.ThrowsAny<ArgumentException>(() => Trainer.Train(mlp, Data, bad, cancellationToken: Stop)).Message, StringComparison.Ordinal);
        }
    }

    private static Mlp Make() => new(new MlpOptions { Inputs = 2, Hidden = [12], Outputs = 3 });

    private sealed class Cancels(CancellationTokenSource source) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => source.Cancel();
    }

    private sealed class First(TaskCompletionSource source) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => source.TrySetResult();
    }
}
