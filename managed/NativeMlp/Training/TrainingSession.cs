// SPDX-License-Identifier: MIT
using System.Diagnostics;
using NativeMlp.Data;
using NativeMlp.State;
using static System.FormattableString;

namespace NativeMlp.Training;

/// <summary>A training run that the caller controls step by step. Its state can be captured and restored between any two
/// steps. It is the only training loop of the library; <see cref="Trainer"/> uses it.</summary>
/// <remarks>
/// In epoch <c>e</c> (from 1), the rows are used in the order <c>Kernels.RandomPermutation(seed, e)</c>, batch by batch, including a
/// smaller last batch, unless <see cref="TrainingOptions.Sampling"/> specifies another order. A session allows one
/// caller at a time. A step allocates nothing, except for a schedule that changes the rate and for the report of an epoch.
/// </remarks>
public sealed class TrainingSession
{
    private readonly Mlp _mlp;
    private readonly Dataset _train;
    private readonly BatchReader _batches;
    private readonly BatchReader? _validation;
    private readonly TrainingOptions _options;
    private readonly BatchOrder _order;
    private readonly LearningRate _rate;
    private readonly BestParameters? _best;
    private readonly RunFingerprint _fingerprint;
    private readonly long _limit;
    private readonly int _trainedBefore;
    private readonly List<EpochReport> _reports = [];
    private readonly long _created = Stopwatch.GetTimestamp();
    private Optimizer _optimizer;
    private EpochCut? _cut;
    private string? _divergence;
    private int _epoch;
    private long _steps;
    private EpochSums _sums;
    private TimeSpan _training; // time of the steps of the current epoch
    private bool _ended;

    /// <summary>Prepares a run without taking a step.</summary>
    /// <param name="mlp">The network. The run continues from its parameters and moments.</param>
    /// <param name="train">The rows to train on.</param>
    /// <param name="options">How to train.</param>
    /// <param name="validation">Rows to evaluate after each epoch; null for none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="mlp"/>, <paramref name="train"/> or
    /// <paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">A data set does not fit the network, or the batch is larger than the data set
    /// or than the network was made for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of <paramref name="options"/> is not allowed.</exception>
    public TrainingSession(Mlp mlp, Dataset train, TrainingOptions options, Dataset? validation = null)
    {
        RunCheck.ThrowIfUnfit(mlp, train, options, validation);
        (_mlp, _train, _options) = (mlp, train, options);
        _batches = new BatchReader(train, options.BatchSize);
        _validation = validation is null ? null : BatchReader.OfAllRows(validation);
        _trainedBefore = mlp.Trained.Epochs;
        _optimizer = options.Optimizer;
        _limit = options.StepsFor(train.Count);
        _order = new BatchOrder(train.Count, options);
        _rate = new LearningRate(options.Schedule, options.Optimizer.LearningRate, _limit);
        _best = options.EarlyStopping is { } stopping ? new BestParameters(mlp, stopping) : null;
        _fingerprint = new RunFingerprint(mlp.Options, options, train, validation);
    }

    /// <summary>The number of steps since the start of the run, including those before a <see cref="Restore"/>.</summary>
    public long Steps => _steps;

    /// <summary>The network that the session trains.</summary>
    internal Mlp Network => _mlp;

    /// <summary>The training rows.</summary>
    internal Dataset TrainingRows => _train;

    /// <summary>The training options.</summary>
    internal TrainingOptions Options => _options;

    /// <summary>Whether validation rows are evaluated after each epoch.</summary>
    internal bool HasValidation => _validation is not null;

    /// <summary>The reason why there is no further step; null if there is one.</summary>
    public TrainingStatus? Status =>
        _divergence is not null ? TrainingStatus.Diverged
        : _order.HasMore && _epoch > 0 && _steps < _limit ? null
        : _best?.Exhausted == true ? TrainingStatus.StoppedEarly
        : _epoch >= _options.Epochs || _steps >= _limit ? TrainingStatus.Completed
        : null;

    /// <summary>Takes one step, and after the last one of an epoch evaluates the validation rows.</summary>
    /// <returns>The results of the step.</returns>
    /// <exception cref="InvalidOperationException">The run has ended (<see cref="Status"/>), or another thread
    /// is using the network.</exception>
    public StepReport Step()
    {
        if (_ended || Status is not null) throw new InvalidOperationException("The run has ended and has no further step.");
        long started = Stopwatch.GetTimestamp();
        if (!_order.HasMore || _epoch == 0) BeginEpoch();
        double rate = _rate.At(_steps);
        if (rate != _optimizer.LearningRate) _optimizer = _optimizer with { LearningRate = rate };
        Batch batch = _batches.Read(_order.Next(_steps));
        StepResult result = TrainStep(batch);
        if (!double.IsFinite(result.Loss))
        {
            _divergence = Divergence(result.Loss, batch);
            return new StepReport(_epoch, _steps, result, rate);
        }

        _steps++;
        _sums = new EpochSums(_sums.Loss + (result.Loss * result.Rows), _sums.Correct + result.Correct, _sums.Rows + result.Rows);
        _training += Stopwatch.GetElapsedTime(started);
        bool completes = !_order.HasMore || _steps == _limit;
        if (completes) NoteCut();
        return new StepReport(_epoch, _steps, result, rate) { CompletedEpoch = completes ? EndEpoch() : null };
    }

    /// <summary>Ends the run, after its last step or earlier. With <see cref="TrainingOptions.EarlyStopping"/>, the parameters of the best
    /// epoch are restored.</summary>
    /// <returns>The result of the run, with the status <see cref="TrainingStatus.Canceled"/> if there was a further step.</returns>
    public TrainingResult End()
    {
        TrainingStatus status = Status ?? TrainingStatus.Canceled;
        if (!_ended) _best?.Restore();
        _ended = true;
        return new TrainingResult(status, _reports.AsReadOnly(), _steps, Stopwatch.GetElapsedTime(_created), Message(status))
        {
            BestEpoch = _best is { Epoch: > 0 } ? _best.Epoch : null,
        };
    }

    /// <summary>Starts to compute the hash of all rows, which the first <see cref="Capture"/> needs, on another thread.</summary>
    internal void PrepareCapture() => _fingerprint.Prepare();

    /// <summary>Copies the state of the run. A session that continues from this state computes the same bytes.</summary>
    /// <returns>A copy, which later steps do not change.</returns>
    /// <exception cref="InvalidOperationException">The run has been ended, or another thread is using the network.</exception>
    public TrainingState Capture()
    {
        if (_ended) throw new InvalidOperationException("The run has been ended; its state can no longer be captured.");
        return new TrainingState
        {
            Settings = _fingerprint.Settings,
            Train = _fingerprint.Train,
            Validation = _fingerprint.Validation,
            Position = new TrainingPosition(_epoch, _order.Position, _steps),
            Sums = _sums,
            Schedule = _cut is null ? _rate.State : _cut.Schedule,
            Stopping = _cut is null ? _best?.State : _cut.Stopping,
            Network = NetworkTensors.Capture(_mlp),
        };
    }

    /// <summary>Restores a captured state, including parameters and moments, and continues from it.</summary>
    /// <param name="state">The state of a session with the same network options, training options and data.
    /// <see cref="TrainingOptions.Epochs"/> and <see cref="TrainingOptions.MaxSteps"/> may differ if the schedule does
    /// not depend on the length of the run.</param>
    /// <exception cref="ArgumentException">The state belongs to another run; the message names the difference. Nothing has
    /// changed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network.</exception>
    public void Restore(TrainingState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _fingerprint.ThrowIfDifferent(state);
        RunCheck.ThrowIfImpossible(state, _mlp, _options, _train.Count);
        NetworkTensors.Restore(_mlp, state.Network);
        (_epoch, _, _steps) = state.Position;
        _order.MoveTo(_epoch, state.Position.Row);
        _sums = state.Sums;
        _rate.State = state.Schedule;
        NoteEpochs();
        if (_best is not null) _best.State = state.Stopping!;
        _optimizer = _options.Optimizer;
        NoteCut();
        if (_cut is not null) EndEpoch();
        _reports.Clear();
        (_divergence, _ended, _training) = (null, false, default);
    }

    // A batch whose weights are all 0 ends the run in the same way as a loss that is not finite, and keeps the results so far.
    private StepResult TrainStep(in Batch batch)
    {
        try
        {
            return _mlp.TrainStep(batch, _optimizer);
        }
        catch (ArgumentException) when (_mlp.FindNonFinite(batch)?.Place == NonFinitePlace.TotalWeight)
        {
            return new StepResult(double.NaN, double.NaN, batch.Rows, 0);
        }
    }

    private void BeginEpoch()
    {
        _order.MoveTo(++_epoch, 0);
        (_sums, _training) = (default, default);
    }

    private EpochReport EndEpoch()
    {
        StepResult? held = _validation?.Evaluate(_mlp);
        EpochReport report = new(_epoch, _steps, _sums.Loss / _sums.Rows, TrainAccuracy(), held?.Loss, held?.Accuracy,
            _optimizer.LearningRate, _sums.Rows / _training.TotalSeconds, Stopwatch.GetElapsedTime(_created));
        _reports.Add(report);
        double loss = report.ValidationLoss ?? report.TrainLoss;
        _rate.EndEpoch(loss);
        NoteEpochs();
        _best?.EndEpoch(_epoch, loss);
        return report;
    }

    // The limit of steps may end an epoch in its middle. A run with a higher limit continues in that epoch, and must not remember that it
    // has ended before.
    private void NoteCut() => _cut = _order.HasMore && _epoch > 0 && _steps == _limit ? new EpochCut(_rate.State, _best?.State) : null;

    // For the metadata of a checkpoint.
    private void NoteEpochs() => _mlp.Trained = new TrainedWith(_options.Seed, _trainedBefore + _rate.State.Epochs);

    private double? TrainAccuracy() =>
        _mlp.Options.Loss.Judges(_train.AsBatch()) ? (double)_sums.Correct / _sums.Rows : null;

    private string Divergence(double loss, in Batch batch)
    {
        return _mlp.FindNonFinite(batch, _optimizer) is { } fault
            ? Invariant($"the loss is {loss}, {fault}; {fault.Advice(_steps)}")
            : Invariant($"the loss is {loss}; try a smaller learning rate");
    }

    private static string NoProgress(int best) => best == 0 ? "no epoch had a finite validation loss"
        : Invariant($"no progress since epoch {best}, whose parameters were restored");

    private string Message(TrainingStatus status) => status switch
    {
        TrainingStatus.Completed => Invariant($"Trained {_epoch} epochs, {_steps} steps{Best()}."),
        TrainingStatus.StoppedEarly => Invariant(
            $"Stopped after epoch {_epoch} of {_options.Epochs}: {NoProgress(_best!.Epoch)}."),
        TrainingStatus.Diverged => Invariant($"Diverged in epoch {_epoch} of {_options.Epochs} at step {_steps + 1}: {_divergence}{Best()}."),
        _ => Invariant($"Interrupted in epoch {Math.Max(_epoch, 1)} of {_options.Epochs} after step {_steps}{Best()}."),
    };

    // Describes the parameters of the network if they are not those of the last step.
    private string Best() => _best is { Epoch: > 0 } ? Invariant($"; the parameters are those of epoch {_best.Epoch}, the best") : "";

    // What schedule and early stopping remembered before an epoch was ended in its middle.
    private sealed record EpochCut(ScheduleState Schedule, StoppingState? Stopping);
}
