// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>The position in a run, for <see cref="LearningRateSchedule.RateAt"/>.</summary>
public readonly record struct ScheduleStep
{
    /// <summary>The rate that the schedule starts from: <see cref="Optimizer.LearningRate"/>, or what
    /// <see cref="LearningRateSchedule.ReduceOnPlateau"/> has left of it.</summary>
    public required double InitialRate { get; init; }

    /// <summary>The step, from 0, counted over the whole run.</summary>
    public required long Step { get; init; }

    /// <summary>Steps of the whole run, unless something ends it early.</summary>
    public required long Steps { get; init; }

    /// <summary>The epoch of the step, from 0: how many have been completed.</summary>
    public required int Epoch { get; init; }

    /// <summary><c>Step / Steps</c>: 0 at the beginning, less than 1 at the last step.</summary>
    public double Progress => (double)Step / Steps;
}
