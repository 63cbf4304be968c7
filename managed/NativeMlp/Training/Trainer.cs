// SPDX-License-Identifier: MIT
using NativeMlp.Data;

namespace NativeMlp.Training;

/// <summary>Trains a network on a data set from beginning to end. It runs all steps of a
/// <see cref="TrainingSession"/>.</summary>
public static partial class Trainer
{
    /// <summary>Trains on the calling thread.</summary>
    /// <param name="mlp">The network; training continues from its parameters and moments.</param>
    /// <param name="train">The rows to train on.</param>
    /// <param name="options">The training options.</param>
    /// <param name="validation">Rows to evaluate after each epoch; null for none.</param>
    /// <param name="progress">Receives each epoch.</param>
    /// <param name="steps">Receives each step, without an allocation.</param>
    /// <param name="cancellationToken">Stops the run after the current step; its result then has the status
    /// <see cref="TrainingStatus.Canceled"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="mlp"/>, <paramref name="train"/> or
    /// <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">A data set does not fit the network, or the batch is larger than the data set
    /// or larger than the maximum batch of the network.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of <paramref name="options"/> is not allowed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network.</exception>
    public static TrainingResult Train(Mlp mlp, Dataset train, TrainingOptions options, Dataset? validation = null,
        IProgress<EpochReport>? progress = null, IProgress<StepReport>? steps = null, CancellationToken cancellationToken = default) =>
        Run(new TrainingSession(mlp, train, options, validation), progress, steps, cancellationToken);

    /// <summary>Trains on a dedicated thread. The native library keeps workers for each thread that calls it, so one
    /// dedicated thread keeps their number small.</summary>
    /// <param name="mlp">The network; training continues from its parameters and moments.</param>
    /// <param name="train">The rows to train on.</param>
    /// <param name="options">The training options.</param>
    /// <param name="validation">Rows to evaluate after each epoch; null for none.</param>
    /// <param name="progress">Receives each epoch, on the training thread.</param>
    /// <param name="steps">Receives each step, on the training thread, without an allocation.</param>
    /// <param name="cancellationToken">Cancels the task after the current step. The network then has the parameters of that
    /// step, or of its best epoch (<see cref="EarlyStopping"/>).</param>
    /// <returns>A task whose result is that of the run. A run that is cancelled before its end has none: the task is cancelled.</returns>
    /// <exception cref="OperationCanceledException">The run was cancelled; thrown where the task is awaited.</exception>
    /// <inheritdoc cref="Train" path="/exception"/>
    public static Task<TrainingResult> TrainAsync(Mlp mlp, Dataset train, TrainingOptions options,
        Dataset? validation = null, IProgress<EpochReport>? progress = null, IProgress<StepReport>? steps = null,
        CancellationToken cancellationToken = default)
    {
        TrainingSession session = new(mlp, train, options, validation);
        return Task.Factory.StartNew(() => RunToTheEnd(session, progress, steps, cancellationToken), cancellationToken,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
    }

    private static TrainingResult RunToTheEnd(
        TrainingSession session, IProgress<EpochReport>? progress, IProgress<StepReport>? steps, CancellationToken cancellationToken)
    {
        TrainingResult result = Run(session, progress, steps, cancellationToken);
        if (result.Status == TrainingStatus.Canceled) cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    private static TrainingResult Run(TrainingSession session, IProgress<EpochReport>? progress, IProgress<StepReport>? steps, CancellationToken cancellationToken)
    {
        using TrainingActivity activity = TrainingActivity.Start();
        while (session.Status is null && !cancellationToken.IsCancellationRequested)
        {
            StepReport step = session.Step();
            steps?.Report(step);
            if (step.CompletedEpoch is not { } epoch) continue;
            activity.Epoch(epoch);
            progress?.Report(epoch);
        }

        return activity.End(session.End());
    }
}
