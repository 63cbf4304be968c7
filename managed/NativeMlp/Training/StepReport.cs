// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>The results of one step of a run.</summary>
/// <param name="Epoch">The epoch that it belongs to, from 1.</param>
/// <param name="Step">Steps since the start of the run, this one included.</param>
/// <param name="Result">Loss and correct rows before the update. Where the loss is not finite, nothing was updated.</param>
/// <param name="LearningRate">The learning rate of the step.</param>
public readonly record struct StepReport(int Epoch, long Step, StepResult Result, double LearningRate)
{
    /// <summary>The report of the epoch that the step completed; null within an epoch.</summary>
    public EpochReport? CompletedEpoch { get; init; }
}
