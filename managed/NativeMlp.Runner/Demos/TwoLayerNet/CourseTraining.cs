// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Output;
using NativeMlp.Training;

namespace NativeMlp.Runner.Demos.TwoLayerNet;

/// <summary>The accuracies at the first step of an epoch.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Training">The accuracy on the batch of that step, before its update.</param>
/// <param name="Validation">The accuracy on the validation rows after the update; null if there are none.</param>
internal sealed record CourseEpoch(int Step, double Training, double? Validation);

/// <summary>Trains like the course's <c>TwoLayerNet.train</c>. It records the loss of every step, and the accuracies when
/// <see cref="CourseDecay"/> changes the rate.</summary>
internal sealed class CourseTraining(Mlp mlp, Dataset train, Dataset? validation, TrainingOptions options)
{
    private readonly CourseDecay _schedule = new(
        options.Schedule is LearningRateSchedule.StepDecay { Epochs: 1 } epoch ? epoch.Factor : 1,
        Math.Max(train.Count / options.BatchSize, 1));

    /// <summary>The loss of each step before its update, including the penalty.</summary>
    public List<double> Losses { get; } = [];

    public List<CourseEpoch> Epochs { get; } = [];

    /// <param name="progress">Receives each step.</param>
    /// <param name="stop">Stops the training after the current step.</param>
    /// <exception cref="OperationCanceledException">The training was stopped.</exception>
    /// <exception cref="RunnerException">The loss is not finite.</exception>
    public void Run(Action<StepReport> progress, CancellationToken stop)
    {
        TrainingSession session = new(mlp, train, options with { Epochs = EpochsOfAllSteps(), Schedule = _schedule });
        while (session.Status is null)
        {
            stop.ThrowIfCancellationRequested();
            StepReport step = session.Step();
            StepResult result = step.Result;
            if (session.Status == TrainingStatus.Diverged)
                throw new RunnerException(ExitCodes.Diverged, $"The loss of step {session.Steps + 1} is no longer finite.");
            Losses.Add(result.Loss);
            progress(step);
            if (_schedule.IsMark(session.Steps - 1))
                Epochs.Add(new CourseEpoch((int)session.Steps, result.Accuracy!.Value, validation is null ? null : mlp.Evaluate(validation.AsBatch(), mlp.Options.Threads).Accuracy));
        }
    }

    // The course's runs are ended only by the number of steps.
    private int EpochsOfAllSteps() => (options with { Epochs = int.MaxValue }).EpochsFor(train.Count);
}
