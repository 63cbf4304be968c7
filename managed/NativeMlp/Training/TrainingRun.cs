// SPDX-License-Identifier: MIT
using System.Diagnostics;
using NativeMlp.Data;
using static System.FormattableString;

namespace NativeMlp.Training;

/// <summary>One call of <see cref="Trainer"/>: the arguments have been checked.</summary>
internal sealed class TrainingRun(Mlp mlp, Dataset train, TrainingOptions options, Dataset? validation,
    IProgress<EpochReport>? progress, CancellationToken cancellationToken)
{
    private readonly BatchOrder _order = new(train.Count, options);
    private readonly List<EpochReport> _reports = [];
    private readonly Stopwatch _elapsed = new();
    private readonly BestParameters? _best = options.EarlyStopping is { } stopping ? new BestParameters(mlp, stopping) : null;
    private readonly long _limit = Limit(train.Count, options);
    private readonly LearningRate _rate = new(options.Schedule, options.Optimizer.LearningRate, Limit(train.Count, options));
    private Optimizer _optimizer = options.Optimizer;
    private string _fault = "";
    private long _steps;

    // Sums over the batches of the current epoch.
    private double _lossSum;
    private long _correct, _rows, _batches;

    public TrainingResult Run()
    {
        _elapsed.Start();
        for (int epoch = 1; epoch <= options.Epochs && _steps < _limit; epoch++)
        {
            if (cancellationToken.IsCancellationRequested) return Interrupted(epoch);
            long started = Stopwatch.GetTimestamp();
            double lastLoss = TrainEpoch(epoch);
            TimeSpan training = Stopwatch.GetElapsedTime(started);
            if (!double.IsFinite(lastLoss)) return Diverged(epoch, lastLoss);
            if (cancellationToken.IsCancellationRequested) return Interrupted(epoch);
            EpochReport report = Report(epoch, training);
            double loss = report.ValidationLoss ?? report.TrainLoss;
            _rate.EndEpoch(loss);
            if (_best?.Ends(epoch, loss) == true) return StoppedEarly(epoch);
        }

        _best?.Restore();
        return Result(TrainingStatus.Done, Invariant($"Trained {_reports.Count} epochs, {_steps} steps."));
    }

    private static long Limit(int rows, TrainingOptions options)
    {
        long steps = options.Epochs * (((long)rows + options.BatchSize - 1) / options.BatchSize);
        return options.MaxSteps > 0 ? Math.Min(steps, options.MaxSteps) : steps;
    }

    /// <summary>The loss of the last step: not finite, or the token cancelled, means that the epoch was cut short.</summary>
    private double TrainEpoch(int epoch)
    {
        (_lossSum, _correct, _rows, _batches) = (0, 0, 0, 0);
        _order.Begin(epoch);
        double loss;
        do
        {
            double rate = _rate.At(_steps);
            if (rate != _optimizer.LearningRate) _optimizer = _optimizer with { LearningRate = rate };
            Batch batch = train.AsBatch(_order.Next(_steps));
            StepResult step = mlp.TrainStep(batch, _optimizer);
            loss = step.Loss;
            if (!double.IsFinite(loss))
            {
                _fault = mlp.FindNonFinite(batch)?.ToString() ?? "";
                break;
            }

            _steps++;
            _batches++;
            _lossSum += loss;
            _correct += step.Correct;
            _rows += step.Rows;
        }
        while (_order.HasMore && _steps < _limit && !cancellationToken.IsCancellationRequested);
        return loss;
    }

    private EpochReport Report(int epoch, TimeSpan training)
    {
        StepResult? held = validation is null ? null : mlp.Evaluate(validation.AsBatch());
        EpochReport report = new(epoch, _steps, _lossSum / _batches, (double)_correct / _rows,
            held?.Loss, held?.Accuracy, _optimizer.LearningRate, _rows / training.TotalSeconds, _elapsed.Elapsed);
        _reports.Add(report);
        progress?.Report(report);
        return report;
    }

    private TrainingResult StoppedEarly(int epoch)
    {
        _best!.Restore();
        return Result(TrainingStatus.StoppedEarly, Invariant(
            $"Stopped after epoch {epoch} of {options.Epochs}: no progress since epoch {_best.Epoch}, whose parameters are back."));
    }

    private TrainingResult Interrupted(int epoch) => Result(TrainingStatus.Interrupted,
        Invariant($"Interrupted in epoch {epoch} of {options.Epochs} after step {_steps}."));

    private TrainingResult Diverged(int epoch, double loss)
    {
        string where = _fault.Length == 0 ? "" : $", {_fault}";
        return Result(TrainingStatus.Diverged, Invariant(
            $"Diverged in epoch {epoch} of {options.Epochs} at step {_steps + 1}: the loss is {loss}{where}; try a smaller learning rate."));
    }

    private TrainingResult Result(TrainingStatus status, string message) =>
        new(status, _reports.AsReadOnly(), _steps, _elapsed.Elapsed, message);
}
