// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>The position in a run, for <see cref="LearningRateSchedule.RateAt"/>.</summary>
public readonly record struct ScheduleStep
{
    /// <summary>The rate that the schedule starts from: <see cref="Optimizer.LearningRate"/>, or the rate after the reductions of
    /// <see cref="LearningRateSchedule.ReduceOnPlateau"/>.</summary>
    public required double InitialRate { get; init; }

    /// <summary>The step, numbered from 0 over the whole run.</summary>
    public required long Step { get; init; }

    /// <summary>The number of steps of the whole run, unless it ends early.</summary>
    public required long Steps { get; init; }

    /// <summary>The epoch of the step, from 0: the number of completed epochs.</summary>
    public required int Epoch { get; init; }

    /// <summary><c>Step / Steps</c>: 0 at the first step, less than 1 at the last.</summary>
    public double Progress => (double)Step / Steps;
}
