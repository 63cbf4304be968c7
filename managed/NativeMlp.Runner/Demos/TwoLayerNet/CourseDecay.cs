// SPDX-License-Identifier: MIT
using NativeMlp.Training;

namespace NativeMlp.Runner.Demos.TwoLayerNet;

/// <summary>The course's schedule: the rate is multiplied by <paramref name="Factor"/> at the first step of each epoch. Therefore
/// it decreases before the second step, and for a toy data set of one batch at every
/// step.</summary>
/// <param name="Factor">The factor of the rate.</param>
/// <param name="StepsOfEpoch">The number of steps of an epoch.</param>
internal sealed record CourseDecay(double Factor, long StepsOfEpoch) : LearningRateSchedule
{
    /// <summary>Whether a step, numbered from 0, is the first of an epoch.</summary>
    public bool IsMark(long step) => step % StepsOfEpoch == 0;

    public override double RateAt(in ScheduleStep at)
    {
        double rate = at.InitialRate;
        for (long mark = 0; mark < at.Step; mark += StepsOfEpoch)
            rate *= Factor;
        return rate;
    }
}
