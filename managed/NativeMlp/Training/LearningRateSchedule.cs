// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>How the learning rate changes during a run. <see cref="Optimizer.LearningRate"/> is the initial rate, or the peak
/// of <see cref="OneCycle"/>. Values are checked when they are used. Powers are running products, and the cosine is
/// the library's own, so a schedule returns the same bits on every system.</summary>
/// <remarks>
/// To define your own schedule, derive from this record and override <see cref="RateAt"/>. It must be a pure function of its
/// argument and the record's members: it may be called more than once for a step, for steps in any order and on any thread.
/// <code>
/// sealed record Halving : LearningRateSchedule
/// {
///     public override double RateAt(in ScheduleStep at) =&gt; at.InitialRate / (1 + at.Epoch);
/// }
/// </code>
/// For the same bits on every system, it must not call <c>Math.Pow</c>, <c>Math.Exp</c> or similar functions, whose results differ between systems.
/// </remarks>
public abstract partial record LearningRateSchedule
{
    /// <summary>The number of initial steps during which the rate increases to that of the schedule:
    /// <c>rate·(step + 1)/WarmUpSteps</c>, where steps are numbered from 0. At least 0.</summary>
    public int WarmUpSteps { get; init; }

    /// <summary>Returns the learning rate of a step, without the warm-up.</summary>
    /// <param name="at">The step, and the rate that the schedule starts from.</param>
    /// <returns>The rate, finite and at least 0.</returns>
    public abstract double RateAt(in ScheduleStep at);

    /// <summary>Checks every value. Your own schedule may add its checks to those of the base.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is not allowed; the message names it.</exception>
    public virtual void Validate() => Require(WarmUpSteps >= 0, nameof(WarmUpSteps), WarmUpSteps, "at least 0");

    /// <summary>Whether the rate can change from step to step. Otherwise, it is computed once per epoch.</summary>
    private protected virtual bool ChangesWithinEpoch => true;

    internal bool IsPerStep => ChangesWithinEpoch;

    /// <summary>Whether the rate of a step depends on the number of steps of the run. For a schedule of your own, this is assumed.</summary>
    internal bool DependsOnLength => this is not (Constant or StepDecay or ReduceOnPlateau);

    private protected void Require(bool allowed, string name, double value, string range)
    {
        if (!allowed) Throw.OutOfRange($"LearningRateSchedule.{GetType().Name}.{name} is {value}; it must be {range}.");
    }
}
