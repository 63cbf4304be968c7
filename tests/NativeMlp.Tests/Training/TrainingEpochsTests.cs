// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Tests.Training;

/// <summary>Runs that are enumerated epoch by epoch.</summary>
public sealed class TrainingEpochsTests
{
    private static readonly Dataset s_moons = Synthetic.Moons(200, seed: 1);
    private static readonly TrainingOptions s_options = new() { Epochs = 6, BatchSize = 50, Optimizer = Optimizer.Adam(1e-2) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TrainEpochsAsync_ToTheEnd_IsTheRunOfTrain()
    {
        using Mlp stream = Make(), whole = Make();
        List<EpochReport> reports = [];
        TrainingEpochs epochs = Trainer.TrainEpochsAsync(stream, s_moons, s_options, s_moons.Slice(0, 20), Stop);
        Assert.Null(epochs.Result);
        await foreach (EpochReport epoch in epochs) reports.Add(epoch);
        TrainingResult result = Trainer.Train(whole, s_moons, s_options, s_moons.Slice(0, 20), cancellationToken: Stop);

        Assert.Equal(Checkpoint.WeightsSha256(whole), Checkpoint.WeightsSha256(stream));
        Assert.Equal(result.Epochs.Select(epoch => (epoch.Epoch, epoch.TrainLoss, epoch.ValidationLoss)), reports.Select(epoch => (epoch.Epoch, epoch.TrainLoss, epoch.ValidationLoss)));
        Assert.Equal((result.Status, result.Steps), (epochs.Result!.Status, epochs.Result.Steps));
    }

    [Fact]
    public async Task TrainEpochsAsync_BetweenTwoEpochs_LeavesTheNetworkToTheCaller()
    {
        using Mlp mlp = Make();
        HashSet<string> weights = [];
        await foreach (EpochReport epoch in Trainer.TrainEpochsAsync(mlp, s_moons, s_options, cancellationToken: Stop))
        {
            await Task.Yield();
            mlp.Evaluate(s_moons.AsBatch());
            string before = Checkpoint.WeightsSha256(mlp);
            await Task.Delay(5, Stop);
            Assert.Equal(before, Checkpoint.WeightsSha256(mlp)); // no step is taken behind the caller's back
            weights.Add(before);
        }

        Assert.Equal(6, weights.Count);
    }

    [Fact]
    public async Task TrainEpochsAsync_LoopThatIsLeft_EndsTheRun()
    {
        using Mlp mlp = Make();
        TrainingEpochs epochs = Trainer.TrainEpochsAsync(mlp, s_moons, s_options, cancellationToken: Stop);
        await foreach (EpochReport epoch in epochs)
        {
            if (epoch.Epoch == 2) break;
        }

        Assert.Equal((TrainingStatus.Canceled, 8L), (epochs.Result!.Status, epochs.Result.Steps));
        Assert.True(double.IsFinite(mlp.TrainStep(s_moons.Slice(0, 50).AsBatch(), Optimizer.Sgd(0.1)).Loss)); // nobody else uses it
    }

    [Fact]
    public async Task TrainEpochsAsync_Cancelled_ThrowsAndHasAResult()
    {
        using Mlp mlp = Make();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        TrainingEpochs epochs = Trainer.TrainEpochsAsync(mlp, s_moons, s_options with { Epochs = 1_000_000 }, cancellationToken: Stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (EpochReport epoch in epochs.WithCancellation(stop.Token))
            {
                if (epoch.Epoch == 3) await stop.CancelAsync();
            }
        });
        Assert.Equal((TrainingStatus.Canceled, 3), (epochs.Result!.Status, epochs.Result.Epochs.Count));
    }

    [Fact]
    public async Task TrainEpochsAsync_StepThatFails_ThrowsWhereItIsAwaited()
    {
        Mlp mlp = Make();
        TrainingEpochs epochs = Trainer.TrainEpochsAsync(mlp, s_moons, s_options, cancellationToken: Stop);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () =>
        {
            await foreach (EpochReport epoch in epochs) mlp.Dispose();
        });
    }

    [Fact]
    public async Task TrainEpochsAsync_EnumeratedTwice_IsRefused()
    {
        using Mlp mlp = Make();
        TrainingEpochs epochs = Trainer.TrainEpochsAsync(mlp, s_moons, s_options, cancellationToken: Stop);
        await foreach (EpochReport epoch in epochs) Assert.NotNull(epoch);
        Assert.Throws<InvalidOperationException>(() => epochs.GetAsyncEnumerator(Stop));
    }

    [Fact]
    public void TrainEpochsAsync_OptionsThatAreNotAllowed_AreRefusedAtOnce()
    {
        using Mlp mlp = Make();
        Assert.ThrowsAny<ArgumentException>(() => Trainer.TrainEpochsAsync(mlp, s_moons, s_options with { BatchSize = 101 }, cancellationToken: Stop));
    }

    private static Mlp Make() => new(new MlpOptions { Inputs = 2, Hidden = [8], Outputs = 2, MaxBatch = 50 });
}
