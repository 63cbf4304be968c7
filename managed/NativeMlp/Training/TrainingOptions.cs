// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>The options of a training run. Values are checked when it begins.</summary>
public sealed record TrainingOptions
{
    /// <summary>The number of passes over the data, at least 1.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>The number of rows of a step, from 1 to the smaller of <see cref="MlpOptions.MaxBatch"/> and the number of rows. The last step of
    /// an epoch has the remaining rows.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The update rule of a step.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.Adam();

    /// <summary>How the learning rate changes.</summary>
    public LearningRateSchedule Schedule { get; init; } = new LearningRateSchedule.Constant();

    /// <summary>Ends a run whose loss no longer improves; null to train all epochs.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>The maximum number of steps of the run, at least 1; 0 for no limit.</summary>
    public long MaxSteps { get; init; }

    /// <summary>The seed of the random order of the rows.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How the rows of each batch are sampled.</summary>
    public BatchSampling Sampling { get; init; }

    /// <summary>Returns the number of steps of an epoch with this number of rows.</summary>
    internal long StepsPerEpoch(int rows) => ((long)rows + BatchSize - 1) / BatchSize;

    /// <summary>Returns the maximum number of steps of a run with this number of rows.</summary>
    internal long StepsFor(int rows)
    {
        long steps = Epochs * StepsPerEpoch(rows);
        return MaxSteps > 0 ? Math.Min(steps, MaxSteps) : steps;
    }

    /// <summary>Returns the maximum number of epochs that a run with this number of rows begins. A limit of steps may end it earlier.</summary>
    internal int EpochsFor(int rows)
    {
        long perEpoch = StepsPerEpoch(rows);
        return (int)((StepsFor(rows) + perEpoch - 1) / perEpoch);
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">There is no optimizer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is not allowed; the message names it.</exception>
    public void Validate()
    {
        if (Epochs < 1) Throw.OutOfRange($"TrainingOptions.Epochs is {Epochs}; it must be at least 1.");
        if (BatchSize < 1) Throw.OutOfRange($"TrainingOptions.BatchSize is {BatchSize}; it must be at least 1.");
        if (MaxSteps < 0) Throw.OutOfRange($"TrainingOptions.MaxSteps is {MaxSteps}; it must be at least 1, or 0 for no limit.");
        if (!Enum.IsDefined(Sampling)) Throw.OutOfRange($"TrainingOptions.Sampling is {(int)Sampling}, which names none.");
        if (Schedule is null) Throw.Argument($"TrainingOptions.Schedule is null.");
        Schedule.Validate();
        EarlyStopping?.Validate();
        if (Optimizer is null) Throw.Argument($"TrainingOptions.Optimizer is null.");
        Optimizer.Validate();
    }
}

/// <summary>How the rows of the batches are sampled.</summary>
public enum BatchSampling
{
    /// <summary>All rows of an epoch in a new random order.</summary>
    Shuffled = 0,

    /// <summary>All rows of an epoch in the order of the data.</summary>
    InOrder = 1,

    /// <summary>Each row of each batch is drawn at random, so some rows occur twice in an epoch and some not at all, as in the
    /// course CS231n.</summary>
    WithReplacement = 2,
}
