// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Tests.Training;

/// <summary>Schedules that a user writes.</summary>
public sealed class OwnScheduleTests
{
    private const int Rows = 100;
    private const int BatchRows = 25;

    private static readonly Dataset Data = Synthetic.Moons(Rows, seed: 3);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Train_WithAScheduleOfOnesOwn_TakesItsRates()
    {
        using Mlp mlp = Make(), byHand = Make();
        TrainingResult result = Trainer.Train(mlp, Data, Options(3) with { Schedule = new Polynomial(0.01) }, cancellationToken: Stop);
        for (int step = 0; step < 12; step++)
        {
            double left = 1 - (step / 12.0), rate = 0.01 + (0.39 * left * left);
            byHand.TrainStep(Data.AsBatch([.. Enumerable.Range(step % 4 * BatchRows, BatchRows)]), Optimizer.Sgd(rate));
            if (step % 4 == 3) Assert.Equal(rate, result.Epochs[step / 4].LearningRate);
        }

        Assert.Equal(Checkpoint.WeightsSha256(byHand), Checkpoint.WeightsSha256(mlp));
    }

    [Fact]
    public void Train_WithAScheduleOfOnesOwn_WarmsUp()
    {
        using Mlp mlp = Make();
        double[] rates = [.. Trainer.Train(mlp, Data, Options(3) with { Schedule = new Polynomial(0.4) { WarmUpSteps = 8 } }, cancellationToken: Stop)
            .Epochs.Select(report => report.LearningRate)];
        Assert.Equal([0.4 * 4 / 8, 0.4, 0.4], rates);
    }

    /// <summary>A run that goes on from a state asks for the same rates.</summary>
    [Fact]
    public void Restore_WithAScheduleOfOnesOwn_GoesOnToTheSameBits()
    {
        TrainingOptions options = Options(3) with { Schedule = new Polynomial(0.01) };
        using Mlp whole = Make(), first = Make(), second = Make();
        Trainer.Train(whole, Data, options, cancellationToken: Stop);
        TrainingSession begun = new(first, Data, options), continued = new(second, Data, options);
        for (int step = 0; step < 7; step++) begun.Step();
        continued.Restore(begun.Capture());
        while (continued.Status is null) continued.Step();
        Assert.Equal(Checkpoint.WeightsSha256(whole), Checkpoint.WeightsSha256(second));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void Train_WithAScheduleThatGivesNoRate_NamesIt(double rate)
    {
        using Mlp mlp = Make();
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() =>
            Trainer.Train(mlp, Data, Options(1) with { Schedule = new Fixed(rate) }, cancellationToken: Stop));
        Assert.Contains("Fixed gives the learning rate", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_WithAScheduleThatChecksItself_Listens()
    {
        using Mlp mlp = Make();
        Assert.Throws<ArgumentOutOfRangeException>(() => Trainer.Train(mlp, Data, Options(1) with { Schedule = new Polynomial(-1) }, cancellationToken: Stop));
    }

    /// <summary>A schedule can be asked by itself: ten times 0.5 are halved three times after six epochs of two.</summary>
    [Fact]
    public void RateAt_OfStepDecay_IsItsFormula() => Assert.Equal(10.0 / 8, new LearningRateSchedule.StepDecay(2, 0.5).RateAt(
        new ScheduleStep { InitialRate = 10, Step = 60, Steps = 100, Epoch = 6 }));

    private static TrainingOptions Options(int epochs) =>
        new() { Epochs = epochs, BatchSize = BatchRows, Optimizer = Optimizer.Sgd(0.4), Sampling = BatchSampling.InOrder };

    private static Mlp Make() => new(new MlpOptions { Inputs = 2, Hidden = [8], Outputs = 2, MaxBatch = BatchRows });

    private sealed record Polynomial(double Final) : LearningRateSchedule
    {
        public override double RateAt(in ScheduleStep at)
        {
            double left = 1 - at.Progress;
            return Final + ((at.InitialRate - Final) * left * left);
        }

        public override void Validate()
        {
            base.Validate();
            ArgumentOutOfRangeException.ThrowIfNegative(Final);
        }
    }

    private sealed record Fixed(double Rate) : LearningRateSchedule
    {
        public override double RateAt(in ScheduleStep at) => Rate;
    }
}
