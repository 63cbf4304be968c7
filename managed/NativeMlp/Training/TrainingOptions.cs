// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>How to train. Values are checked where they are used.</summary>
public sealed record TrainingOptions
{
    /// <summary>Passes over the data, at least 1.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Rows of a step, from 1 to <see cref="MlpOptions.MaxBatch"/> and to the rows of the data. The last step of
    /// an epoch has what is left.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>How a step changes the parameters.</summary>
    public Optimizer Optimizer { get; init; } = Optimizer.Adam();

    /// <summary>Multiplies the learning rate after each epoch; finite and greater than 0.</summary>
    public double LearningRateDecay { get; init; } = 1;

    /// <summary>What the order of the rows is drawn from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>A new random order of the rows in each epoch; otherwise they come as they are.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">There is no optimizer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is not allowed; the message names it.</exception>
    public void Validate()
    {
        if (Epochs < 1) Throw.OutOfRange($"TrainingOptions.Epochs is {Epochs}; it must be at least 1.");
        if (BatchSize < 1) Throw.OutOfRange($"TrainingOptions.BatchSize is {BatchSize}; it must be at least 1.");
        if (!(LearningRateDecay > 0 && double.IsFinite(LearningRateDecay)))
            Throw.OutOfRange($"TrainingOptions.LearningRateDecay is {LearningRateDecay}; it must be a finite number greater than 0.");
        if (Optimizer is null) Throw.Argument($"TrainingOptions.Optimizer is null.");
        Optimizer.Validate();
    }
}
