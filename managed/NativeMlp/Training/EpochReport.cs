// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>The results of an epoch.</summary>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="Step">The number of steps since the start of the run.</param>
/// <param name="TrainLoss">The mean, over the rows of the epoch, of the loss of their batch before its step, l2 included.
/// Each row counts once, regardless of its sample weight. Weights are used only within a batch.</param>
/// <param name="TrainAccuracy">The fraction of the epoch's rows that were correct before their step; null for a regression.</param>
/// <param name="ValidationLoss">The mean loss over the validation rows after the epoch, without l2; null if there are
/// none.</param>
/// <param name="ValidationAccuracy">The fraction of the validation rows that are correct; null if there are none.</param>
/// <param name="LearningRate">The learning rate of the epoch's last step.</param>
/// <param name="SamplesPerSecond">Rows per second of training time, which excludes validation and reports.</param>
/// <param name="Elapsed">The time since the start of the run, including validation and reports.</param>
public sealed record EpochReport(
    int Epoch,
    long Step,
    double TrainLoss,
    double? TrainAccuracy,
    double? ValidationLoss,
    double? ValidationAccuracy,
    double LearningRate,
    double SamplesPerSecond,
    TimeSpan Elapsed);
