// SPDX-License-Identifier: MIT
using System.Diagnostics;
using NativeMlp.Data;
using static System.FormattableString;

namespace NativeMlp.Training;

/// <summary>One call of <see cref="Trainer"/>: the arguments have been checked.</summary>
internal sealed class TrainingRun(Mlp mlp, Dataset train, TrainingOptions options, Dataset? validation,
    IProgress<EpochReport>? progress, CancellationToken cancellationToken)
{
    private readonly int[] _order = new int[train.Count];
    private readonly List<EpochReport> _reports = [];
    private readonly Stopwatch _elapsed = new();
    private Optimizer _optimizer = options.Optimizer;
    private long _steps;

    // Sums over the batches of the current epoch.
    private double _lossSum;
    private long _correct;

    public TrainingResult Run()
    {
        _elapsed.Start();
        for (int i = 0; i < _order.Length; i++) _order[i] = i;
        for (int epoch = 1; epoch <= options.Epochs; epoch++)
        {
            if (cancellationToken.IsCancellationRequested) return Interrupted(epoch);
            long started = Stopwatch.GetTimestamp();
            double lastLoss = TrainEpoch(epoch);
            TimeSpan training = Stopwatch.GetElapsedTime(started);
            if (!double.IsFinite(lastLoss)) return Diverged(epoch, lastLoss);
            if (cancellationToken.IsCancellationRequested) return Interrupted(epoch);
            Report(epoch, training);
            _optimizer = _optimizer with { LearningRate = _optimizer.LearningRate * options.LearningRateDecay };
        }

        return Result(TrainingStatus.Done, Invariant($"Trained {options.Epochs} epochs, {_steps} steps."));
    }

    /// <summary>The loss of the last step: not finite, or the token cancelled, means that the epoch was cut short.</summary>
    private double TrainEpoch(int epoch)
    {
        _lossSum = 0;
        _correct = 0;
        if (options.Shuffle) Kernels.RandomPermutation(options.Seed, (ulong)epoch, _order);
        ReadOnlySpan<int> rest = _order;
        double loss;
        do
        {
            int rows = Math.Min(options.BatchSize, rest.Length);
            StepResult step = mlp.TrainStep(train.AsBatch(rest[..rows]), _optimizer);
            rest = rest[rows..];
            _steps++;
            loss = step.Loss;
            _lossSum += loss;
            _correct += step.Correct;
        }
        while (!rest.IsEmpty && double.IsFinite(loss) && !cancellationToken.IsCancellationRequested);
        return loss;
    }

    private void Report(int epoch, TimeSpan training)
    {
        long batches = ((long)train.Count + options.BatchSize - 1) / options.BatchSize;
        StepResult? held = validation is null ? null : mlp.Evaluate(validation.AsBatch());
        EpochReport report = new(epoch, _steps, _lossSum / batches, (double)_correct / train.Count,
            held?.Loss, held?.Accuracy, _optimizer.LearningRate, train.Count / training.TotalSeconds, _elapsed.Elapsed);
        _reports.Add(report);
        progress?.Report(report);
    }

    private TrainingResult Interrupted(int epoch) => Result(TrainingStatus.Interrupted,
        Invariant($"Interrupted in epoch {epoch} of {options.Epochs} after step {_steps}."));

    private TrainingResult Diverged(int epoch, double loss) => Result(TrainingStatus.Diverged,
        Invariant($"Diverged in epoch {epoch} of {options.Epochs} at step {_steps}: the loss is {loss}; try a smaller learning rate."));

    private TrainingResult Result(TrainingStatus status, string message) =>
        new(status, _reports.AsReadOnly(), _steps, _elapsed.Elapsed, message);
}
