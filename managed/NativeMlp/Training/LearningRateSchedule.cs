// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>How the learning rate changes during a run; <see cref="Optimizer.LearningRate"/> is where it starts, or the peak
/// of <see cref="OneCycle"/>. Values are checked where they are used. Powers are running products and cosines the
/// library's own, so that a schedule is the same bits on every system.</summary>
public abstract record LearningRateSchedule
{
    private protected LearningRateSchedule()
    {
    }

    /// <summary>Steps at the beginning over which the rate grows to what the schedule says:
    /// <c>rate·(step + 1)/WarmUpSteps</c>, steps from 0. At least 0.</summary>
    public int WarmUpSteps { get; init; }

    /// <summary>Whether the rate of a step depends on how many steps the run has.</summary>
    internal bool DependsOnLength => this is Cosine or OneCycle;

    /// <summary>Always the same.</summary>
    public sealed record Constant : LearningRateSchedule;

    /// <summary>Multiplied by <paramref name="Factor"/> after every <paramref name="Epochs"/> epochs.</summary>
    /// <param name="Epochs">At least 1; 1 is the exponential schedule.</param>
    /// <param name="Factor">Finite and greater than 0.</param>
    public sealed record StepDecay(int Epochs, double Factor) : LearningRateSchedule;

    /// <summary><c>final + (rate − final)·(1 + cos(π·step/steps))/2</c>, step by step.</summary>
    /// <param name="Final">Where it ends, finite and at least 0.</param>
    public sealed record Cosine(double Final = 0) : LearningRateSchedule;

    /// <summary>PyTorch's: from <c>rate/25</c> up to the rate and then down to <c>rate/250000</c>, both along a cosine.</summary>
    /// <param name="Rising">The part of all steps that goes up, greater than 0 and less than 1.</param>
    public sealed record OneCycle(double Rising = 0.3) : LearningRateSchedule;

    /// <summary>Multiplied by <paramref name="Factor"/> when the validation loss, or the training loss where there is none,
    /// has not become smaller for more than <paramref name="Patience"/> epochs.</summary>
    /// <param name="Factor">Greater than 0 and less than 1.</param>
    /// <param name="Patience">At least 0.</param>
    public sealed record ReduceOnPlateau(double Factor = 0.1, int Patience = 10) : LearningRateSchedule;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is not allowed; the message names it.</exception>
    public void Validate()
    {
        Require(WarmUpSteps >= 0, nameof(WarmUpSteps), WarmUpSteps, "at least 0");
        switch (this)
        {
            case StepDecay step:
                Require(step.Epochs >= 1, nameof(StepDecay.Epochs), step.Epochs, "at least 1");
                Require(step.Factor > 0 && double.IsFinite(step.Factor), nameof(StepDecay.Factor), step.Factor, "finite and greater than 0");
                break;
            case Cosine cosine:
                Require(cosine.Final >= 0 && double.IsFinite(cosine.Final), nameof(Cosine.Final), cosine.Final, "finite and at least 0");
                break;
            case OneCycle cycle:
                Require(cycle.Rising > 0 && cycle.Rising < 1, nameof(OneCycle.Rising), cycle.Rising, "greater than 0 and less than 1");
                break;
            case ReduceOnPlateau plateau:
                Require(plateau.Factor > 0 && plateau.Factor < 1, nameof(ReduceOnPlateau.Factor), plateau.Factor, "greater than 0 and less than 1");
                Require(plateau.Patience >= 0, nameof(ReduceOnPlateau.Patience), plateau.Patience, "at least 0");
                break;
        }
    }

    private void Require(bool allowed, string name, double value, string range)
    {
        if (!allowed) Throw.OutOfRange($"LearningRateSchedule.{GetType().Name}.{name} is {value}; it must be {range}.");
    }
}
