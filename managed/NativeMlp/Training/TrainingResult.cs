// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp.Training;

/// <summary>How a run ended.</summary>
public enum TrainingStatus
{
    /// <summary>All epochs or steps were trained.</summary>
    Completed = 0,

    /// <summary>The run was canceled; the network is as the last step left it, or has the parameters of its best epoch
    /// (<see cref="EarlyStopping"/>).</summary>
    Canceled = 1,

    /// <summary>The loss was not a finite number; the network is as the step before left it, or has the parameters of its
    /// best epoch (<see cref="EarlyStopping"/>).</summary>
    Diverged = 2,

    /// <summary>The loss no longer improved; the network has the parameters of its best epoch.</summary>
    StoppedEarly = 3,
}

/// <summary>The result of a training run.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Epochs">One report for each epoch that was completed.</param>
/// <param name="Steps">The number of steps taken.</param>
/// <param name="Elapsed">Time it took.</param>
/// <param name="Message">How it ended, in a sentence with the epoch and the step.</param>
public sealed record TrainingResult(
    TrainingStatus Status,
    IReadOnlyList<EpochReport> Epochs,
    long Steps,
    TimeSpan Elapsed,
    string Message)
{
    /// <summary>The epoch, from 1, whose parameters the network has because <see cref="EarlyStopping"/> was asked for; null
    /// where it was not, or where no epoch was completed: then they are those of the last step.</summary>
    public int? BestEpoch { get; init; }

    private bool PrintMembers(StringBuilder builder) => new MemberText(builder)
        .Add(Status).Add(Epochs.Count, nameof(Epochs)).Add(Steps).Add(Elapsed).Add(Message).Add(BestEpoch).Any;
}
