// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Globalization;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.State;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Runner.Runs;

/// <summary>A training run in its folder. It runs the training steps of its networks, from the last state if there is one, notifies the
/// observers, and saves states.</summary>
internal sealed class TrainingRun : ISessionRunner, IDisposable
{
    private const string FoldNote = "fold";

    private readonly RunState? _resumed;
    private readonly MetricsFile _metrics;
    private readonly StateKeeper _keeper;
    private readonly RunSpill? _spill;
    private readonly IRunObserver[] _observers;
    private readonly Lock _lock = new();
    private readonly Stopwatch _clock = new();
    private readonly string _data;
    private readonly RunChoices _choices;
    private MetricsHistory _history = MetricsHistory.None;
    private bool _hasBegun;
    private bool _hasSaidState;
    private IReadOnlyList<TrainingState?> _restored = [];
    private int _fold; // the part that is being trained
    private int _networks; // of that part
    private volatile bool _hasDiverged; // a network of that part

    /// <summary>Prepares a run.</summary>
    /// <param name="folder">Its folder, which the caller has locked.</param>
    /// <param name="data">The data set or the path of the table.</param>
    /// <param name="choices">The settings of the folder.</param>
    /// <param name="observers">The observers of the run, in addition to its own file of metrics.</param>
    /// <exception cref="RunnerException">A folder cannot be written, or the run has only states that --keep has kept.</exception>
    /// <exception cref="Data.DataFormatException">The state is damaged.</exception>
    public TrainingRun(RunFolder folder, string data, RunChoices choices, IReadOnlyList<IRunObserver> observers)
    {
        (Folder, _data, _choices) = (folder, data, choices);
        RunPlace? place = choices.Resume is { } resume ? RunPlace.Of(resume) : null;
        _resumed = place is null ? null : Resumption.Load(folder, place);
        _metrics = new MetricsFile(folder.MetricsPath, choices.LogEvery ?? 0);
        _keeper = new StateKeeper(folder, _metrics, choices);
        foreach ((string name, string text) in _resumed?.Notes ?? new Dictionary<string, string>())
            _keeper.Note(name, text);
        _spill = choices.Spill is { } spill ? new RunSpill(spill, folder, choices.Overwrite) : null;
        _observers = [_metrics, .. observers];
    }

    /// <summary>The folder of the run.</summary>
    public RunFolder Folder { get; }

    /// <summary>Returns the content of the settings file. It depends on the first session.</summary>
    public required Func<TrainingSession, int, byte[]> Config { get; init; }

    /// <summary>The sizes that determine the disk space, in addition to the first network.</summary>
    public RunSize Size { get; init; } = new();

    /// <summary>The test scores of the folds that were completed before an interruption.</summary>
    public IReadOnlyList<FoldEvent> FoldsBefore { get; set; } = [];

    /// <summary>The fold in which the run was interrupted, from 1; 0 for the final model or a new run.</summary>
    public int ResumedFold => _resumed is not null && int.TryParse(_resumed.Notes.GetValueOrDefault(FoldNote), NumberStyles.None, CultureInfo.InvariantCulture, out int fold) ? fold : 0;

    /// <summary>A sentence that says where the state is and how to resume from it, or why there is none.</summary>
    public string StateSentence => _spill?.StateSentence ?? (_keeper.Fault is { } fault
        ? $"The state could not be saved as {Printable.Path(Folder.StatePath)}: {WriteFault.Reason(fault)} {EarlierState()}"
        : _keeper.HasState ? $"The state is saved in {Printable.Path(Folder.Folder)}. Resume the run with {Folder.ResumeCommand}." : EarlierState());

    /// <summary>Whether the run was resumed from a state.</summary>
    public bool IsResumed => _resumed is not null;

    /// <summary>The text that <see cref="Note"/> saved before the interruption; null if there is none.</summary>
    public string? Noted(string name) => _resumed?.Notes.GetValueOrDefault(name);

    /// <summary>Saves a text with the states.</summary>
    public void Note(string name, string text) => _keeper.Note(name, text);

    /// <summary>Begins a fold, numbered from 1, or the final model, numbered 0.</summary>
    public void BeginPart(int fold)
    {
        (_fold, _networks, _hasDiverged) = (fold, 0, false);
        _restored = _resumed is not null && ResumedFold == fold ? _resumed.Networks : [];
        _keeper.BeginPart(FoldNote, fold.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Notifies the observers of the test scores of a fold.</summary>
    public void EndFold(FoldEvent fold)
    {
        foreach (IRunObserver observer in _observers)
            observer.FoldEnded(fold);
    }

    public TrainingResult Run(TrainingSession session, int network, int networks, CancellationToken cancellationToken)
    {
        session.PrepareCapture();
        Resumption.Restore(Folder, session, network, networks, _restored); // before anything is written, because it may refuse the state
        Begin(session, networks);
        bool isKept = false; // the state after the last step
        while (session.Status is null && !_hasDiverged && !cancellationToken.IsCancellationRequested)
        {
            StepReport step = session.Step();
            if (session.Status == TrainingStatus.Diverged)
            {
                _hasDiverged = true; // the other networks can stop, because there will be no model
                return session.End();
            }

            foreach (IRunObserver observer in _observers)
                observer.Stepped(network, step);
            if (step.CompletedEpoch is { } epoch)
                Report(network, epoch);
            isKept = _keeper.IsDue(network, step);
            if (isKept)
                _keeper.Keep(network, session.Capture());
        }

        if (!isKept)
            _keeper.Hold(network, session.Capture());
        return session.End();
    }

    /// <summary>Saves the last state; if that fails, saves it in the folder of --spill.</summary>
    public void SaveState()
    {
        if (_keeper.HasState && !_keeper.Finish())
            _spill?.SaveState(_keeper, _metrics);
    }

    /// <summary>Saves the model, and replaces an old one atomically.</summary>
    /// <param name="save">Saves the model as a file.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="RunnerException">The file cannot be written, and there is no other folder for it.</exception>
    public string SaveModel(Action<string> save)
    {
        try
        {
            save(Folder.ModelPath);
            return Folder.ModelPath;
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            string sentence = $"The model could not be saved as {Printable.Path(Folder.ModelPath)}: {WriteFault.Reason(e)}";
            if (_spill?.TrySaveModel(save, sentence) is { } path)
                return path;
            throw new RunnerException(ExitCodes.Unexpected, $"{sentence} {StateSentence}", e);
        }
    }

    /// <summary>Reports that the run was interrupted, and where its state is.</summary>
    /// <returns>The exit code of the process.</returns>
    public int ReportInterruption(string sentence)
    {
        _hasSaidState = true;
        return Failure.Report(ExitCodes.Interrupted, $"{sentence} {StateSentence}");
    }

    /// <summary>Notifies the observers that the run has ended, and reports what could not be written.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="exitCode">The exit code if everything was written.</param>
    /// <returns>The exit code of the process.</returns>
    public int Finish(RunEnd end, int exitCode)
    {
        string[] unwritten = [.. _observers.Select(observer => observer.Finished(end)).OfType<string>()];
        return Close(exitCode, unwritten);
    }

    /// <summary>Flushes the metrics to disk, and reports what could not be written.</summary>
    /// <param name="exitCode">The exit code if everything was written.</param>
    /// <returns>The exit code of the process.</returns>
    public int Close(int exitCode) => Close(exitCode, []);

    public void Dispose()
    {
        _keeper.Dispose();
        _metrics.Dispose();
        _spill?.Dispose();
    }

    // The first session determines the sizes. The networks of an ensemble begin at the same time.
    private void Begin(TrainingSession session, int networks)
    {
        lock (_lock)
        {
            if (_networks > 0)
                return;
            if (!_hasBegun && _resumed is not null)
                _history = MetricsHistory.Read(Folder.MetricsPath, ResumedFold, _resumed.Networks, goesOn: session.Status is null);
            RunStart part = Describe(session, networks);
            if (!_hasBegun)
                BeginFolder(session, part);
            foreach (IRunObserver observer in _observers)
                observer.PartBegan(_fold, part);
            _keeper.Begin(_restored.Count > 0 ? _restored : new TrainingState?[networks]);
            (_networks, _hasBegun) = (networks, true);
        }
    }

    // From here on, an earlier run in the folder no longer exists.
    private void BeginFolder(TrainingSession session, RunStart start)
    {
        RunRoom room = RunRoom.Of(session, start.Networks, Size, _choices);
        room.ThrowIfTooSmall(Folder, IsResumed);
        _spill?.ThrowIfTooSmall(room);
        if (_resumed is null)
            Folder.Clear();
        Folder.SaveConfig(Config(session, start.Networks));
        OpenMetrics();
        _clock.Start();
        foreach (IRunObserver observer in _observers)
            observer.Started(start);
    }

    private RunStart Describe(TrainingSession session, int networks)
    {
        int rows = session.TrainingRows.Count;
        TrainingOptions options = session.Options;
        return new RunStart(Folder.Folder, _data, networks, options.EpochsFor(rows), options.StepsPerEpoch(rows), options.StepsFor(rows), rows, session.HasValidation)
        {
            EpochsBefore = _restored.Count > 0 ? _history.Epochs : 0,
            FoldsBefore = FoldsBefore,
            Shape = Format.Shape(session.Network.Inputs, session.Network.Options.Hidden, session.Network.Outputs),
        };
    }

    private void Report(int network, EpochReport epoch)
    {
        epoch = epoch with { Elapsed = _history.Seconds + _clock.Elapsed }; // a session only knows its own time
        lock (_lock)
        {
            foreach (IRunObserver observer in _observers)
                observer.EpochEnded(network, epoch);
        }
    }

    private void OpenMetrics()
    {
        try
        {
            _history.Save(Folder.MetricsPath);
            _metrics.Open();
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw new RunnerException(ExitCodes.Unexpected, $"The file {Printable.Path(Folder.MetricsPath)} could not be written: {WriteFault.Reason(e)}", e);
        }
    }

    // If the state cannot be written, a second sentence about the report would not help.
    private int Close(int exitCode, string[] unwritten)
    {
        _metrics.Flush();
        if (FaultSentence() is not { } sentence)
        {
            foreach (string warning in unwritten)
                Failure.Warn(warning);
            return exitCode;
        }

        bool isSaid = _hasSaidState && sentence == StateSentence;
        int faulty = exitCode == ExitCodes.Done ? ExitCodes.Unexpected : exitCode;
        return isSaid ? faulty : Failure.Report(faulty, sentence);
    }

    // Null if everything was written.
    private string? FaultSentence()
    {
        string? spilled = _spill?.Sentence(_metrics); // this also saves the last lines there
        if ((spilled ?? (_keeper.Fault is null ? null : StateSentence)) is { } state)
            return state;
        return _metrics.Fault is { } fault ? $"The metrics could not be written into {Printable.Path(Folder.MetricsPath)}: {WriteFault.Reason(fault)}" : null;
    }

    // A state that was in the folder before the run began belongs to another run.
    private string EarlierState() => (_hasBegun || IsResumed) && File.Exists(Folder.StatePath)
        ? $"An earlier state is saved in {Printable.Path(Folder.Folder)}. Resume the run with {Folder.ResumeCommand}."
        : _keeper.Fault is null ? "No state was saved, because the run had not completed a step."
        : $"No state of the run was saved; name a folder on another disk with {RunSettings.Spill.Option}.";
}
