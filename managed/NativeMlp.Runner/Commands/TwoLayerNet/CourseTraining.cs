// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Training;

namespace NativeMlp.Runner.Commands.TwoLayerNet;

/// <summary>The accuracies at an epoch's mark.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Training">On the batch of that step, before its update.</param>
/// <param name="Validation">On the validation rows, after it; null where there are none.</param>
internal sealed record CourseEpoch(int Step, double Training, double? Validation);

/// <summary>
/// The course's own loop, <c>TwoLayerNet.train</c>, which notes the loss of every step. Its quirk is kept: the mark of an
/// epoch comes with its first step, so that the learning rate falls once before the second step, and on a
/// toy set of one batch at every step.
/// </summary>
internal sealed class CourseTraining(Mlp mlp, Dataset train, Dataset? validation, TrainingOptions options)
{
    private const ulong StepStream = 1UL << 33; // as Trainer draws

    private readonly double _decay = options.Schedule is LearningRateSchedule.StepDecay { Epochs: 1 } epoch ? epoch.Factor : 1;
    private readonly float[] _drawn = new float[options.BatchSize];
    private readonly int[] _rows = [.. Enumerable.Range(0, options.BatchSize)];

    /// <summary>The loss of each step before its update, penalty included.</summary>
    public List<double> Losses { get; } = [];

    public List<CourseEpoch> Epochs { get; } = [];

    /// <param name="progress">Told of each step.</param>
    /// <param name="stop">Ends it after the current step.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="RunnerException">The loss is not finite.</exception>
    public void Run(Action progress, CancellationToken stop)
    {
        Optimizer optimizer = options.Optimizer;
        int stepsOfEpoch = Math.Max(train.Count / options.BatchSize, 1);
        for (int step = 0; step < options.MaxSteps; step++)
        {
            stop.ThrowIfCancellationRequested();
            StepResult result = mlp.TrainStep(train.AsBatch(Rows(step)), optimizer);
            if (!double.IsFinite(result.Loss))
                throw new RunnerException(ExitCodes.Diverged, $"The loss of step {step + 1} is no longer finite.");
            Losses.Add(result.Loss);
            progress();
            if (step % stepsOfEpoch != 0)
                continue;
            Epochs.Add(new CourseEpoch(step + 1, result.Accuracy!.Value, validation is null ? null : mlp.Evaluate(validation.AsBatch()).Accuracy));
            optimizer = optimizer with { LearningRate = optimizer.LearningRate * _decay };
        }
    }

    private int[] Rows(int step)
    {
        if (options.Drawing == BatchDrawing.WithReplacement)
        {
            Kernels.RandomUniform(options.Seed, StepStream + (ulong)step, _drawn);
            for (int i = 0; i < _rows.Length; i++)
                _rows[i] = (int)((double)_drawn[i] * train.Count);
        }
        return _rows;
    }
}
