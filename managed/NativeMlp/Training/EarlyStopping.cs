// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>Ends a run whose loss no longer improves and restores its best parameters. The loss is that of the validation rows, or of
/// training where there are none.</summary>
/// <remarks>However a run ends (early, after its epochs or steps, canceled or diverged), the network then has the
/// parameters of the best completed epoch, which <see cref="TrainingResult.BestEpoch"/> names; if no epoch was completed,
/// those of the last step. The optimizer's moments and counters are those of the last step.</remarks>
/// <param name="Patience">Epochs without progress after which the run ends, at least 1.</param>
/// <param name="MinimumDelta">How much smaller the loss must be to count as progress, finite and at least 0.</param>
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
