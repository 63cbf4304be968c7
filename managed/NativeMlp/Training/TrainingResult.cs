// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp.Training;

/// <summary>How a run ended.</summary>
public enum TrainingStatus
{
    /// <summary>All epochs or steps were trained.</summary>
    Completed = 0,

    /// <summary>The run was canceled. The network has the parameters of the last step, or those of its best epoch
    /// (<see cref="EarlyStopping"/>).</summary>
    Canceled = 1,

    /// <summary>The loss was not finite. The network has the parameters of the previous step, or those of its
    /// best epoch (<see cref="EarlyStopping"/>).</summary>
    Diverged = 2,

    /// <summary>The loss no longer improved. The network has the parameters of its best epoch.</summary>
    StoppedEarly = 3,
}

/// <summary>The result of a training run.</summary>
/// <param name="Status">How the run ended.</param>
/// <param name="Epochs">A report for each completed epoch.</param>
/// <param name="Steps">The number of steps taken.</param>
/// <param name="Elapsed">The duration of the run.</param>
/// <param name="Message">A sentence that describes how the run ended, with the epoch and the step.</param>
public sealed record TrainingResult(
    TrainingStatus Status,
    IReadOnlyList<EpochReport> Epochs,
    long Steps,
    TimeSpan Elapsed,
    string Message)
{
    /// <summary>With <see cref="EarlyStopping"/>, the epoch (from 1) whose parameters the network has. Null without early stopping, or if
    /// no epoch was completed: the parameters are then those of the last step.</summary>
    public int? BestEpoch { get; init; }

    private bool PrintMembers(StringBuilder builder) => new MemberText(builder)
        .Add(Status).Add(Epochs.Count, nameof(Epochs)).Add(Steps).Add(Elapsed).Add(Message).Add(BestEpoch).Any;
}
