// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>Ends a run whose loss no longer improves and restores its best parameters. It uses the validation loss, or the
/// training loss if there are no validation rows.</summary>
/// <remarks>After a run, regardless of how it ends (early, after its epochs or steps, canceled or diverged), the network has the
/// parameters of the best completed epoch (<see cref="TrainingResult.BestEpoch"/>). If no epoch was completed, it has
/// those of the last step. The optimizer's moments and counters are those of the last step.</remarks>
/// <param name="Patience">The number of epochs without progress after which the run ends, at least 1.</param>
/// <param name="MinimumDelta">The decrease of the loss that counts as progress, finite and at least 0.</param>
public sealed record EarlyStopping(int Patience, double MinimumDelta = 0)
{
    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is not allowed; the message names it.</exception>
    public void Validate()
    {
        if (Patience < 1) Throw.OutOfRange($"EarlyStopping.Patience is {Patience}; it must be at least 1.");
        if (!(MinimumDelta >= 0 && double.IsFinite(MinimumDelta)))
            Throw.OutOfRange($"EarlyStopping.MinimumDelta is {MinimumDelta}; it must be finite and at least 0.");
    }
}
