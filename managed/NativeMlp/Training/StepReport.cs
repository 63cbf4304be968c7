// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>The results of one step of a run.</summary>
/// <param name="Epoch">The epoch of the step, from 1.</param>
/// <param name="Step">The number of steps since the start of the run, including this one.</param>
/// <param name="Result">The loss and the number of correct rows before the update. If the loss is not finite, nothing was updated.</param>
/// <param name="LearningRate">The learning rate of the step.</param>
public readonly record struct StepReport(int Epoch, long Step, StepResult Result, double LearningRate)
{
    /// <summary>The report of the epoch that the step completed; null within an epoch.</summary>
    public EpochReport? CompletedEpoch { get; init; }
}
