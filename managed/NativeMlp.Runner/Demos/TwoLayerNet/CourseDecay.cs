// SPDX-License-Identifier: MIT
using NativeMlp.Training;

namespace NativeMlp.Runner.Demos.TwoLayerNet;

/// <summary>The course's schedule: multiplied by <paramref name="Factor"/> at the mark of each epoch, which comes with the
/// epoch's first step. The rate therefore falls once before the second step, and on a toy set of one batch at every
/// step.</summary>
/// <param name="Factor">What the rate is multiplied by.</param>
/// <param name="StepsOfEpoch">Steps from one mark to the next.</param>
internal sealed record CourseDecay(double Factor, long StepsOfEpoch) : LearningRateSchedule
{
    /// <summary>Whether the mark of an epoch comes with a step, counted from 0.</summary>
    public bool IsMark(long step) => step % StepsOfEpoch == 0;

    public override double RateAt(in ScheduleStep at)
    {
        double rate = at.InitialRate;
        for (long mark = 0; mark < at.Step; mark += StepsOfEpoch)
            rate *= Factor;
        return rate;
    }
}
