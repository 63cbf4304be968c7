// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Interop;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.State;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Runner.Runs;

/// <summary>Saves the states of a run's networks while they train. Another thread writes one file at a time. If new states are captured
/// during a write, only the newest is written next. A state that cannot be written stays in memory, and the write is tried
/// again.</summary>
internal sealed class StateKeeper : IDisposable
{
    // Longer than it takes to hash and write 50 MB into the memory of the system. A write that takes longer may wait for the disk.
    private static readonly TimeSpan s_longestBusy = TimeSpan.FromMilliseconds(100);

    private readonly RunFolder _folder;
    private readonly MetricsFile _metrics;
    private readonly CheckpointInterval _interval;
    private readonly int _keep;
    private readonly Timer? _timer;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _notes = [];
    private TrainingState?[] _states = [];
    private int[] _due = [];
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private bool _isNewer; // than what has been written
    private bool _hasWarned;
    private bool _isEnding; // then the caller reports a fault

    public StateKeeper(RunFolder folder, MetricsFile metrics, RunChoices choices)
    {
        (_folder, _metrics) = (folder, metrics);
        (_interval, _keep) = (choices.CheckpointEvery ?? CheckpointInterval.Default, choices.Keep ?? 1);
        if (_interval.Time > TimeSpan.Zero)
            _timer = new Timer(_ => Array.Fill(_due, 1), null, _interval.Time, _interval.Time);
    }

    /// <summary>The reason why the newest state could not be written; null if it was written, or not tried yet.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Whether there is any state.</summary>
    public bool HasState => Array.Exists(_states, state => state is not null);

    /// <summary>Begins a part with its networks, which have been restored or have no state yet.</summary>
    public void Begin(IReadOnlyList<TrainingState?> states)
    {
        lock (_lock)
            (_states, _due) = ([.. states], new int[states.Count]);
    }

    /// <summary>Begins another part of the run, whose networks are not known yet. From now on, states of the previous part are no longer
    /// written.</summary>
    public void BeginPart(string note, string text)
    {
        lock (_lock)
        {
            (_states, _isNewer) = ([], false);
            _notes[note] = text;
        }
    }

    /// <summary>Adds a note that is saved with the states.</summary>
    public void Note(string name, string text)
    {
        lock (_lock)
            _notes[name] = text;
    }

    /// <summary>Whether the state of a network must be captured after this step.</summary>
    public bool IsDue(int network, in StepReport step) =>
        Volatile.Read(ref _due[network]) != 0
        || (_interval.Steps > 0 && step.Step % _interval.Steps == 0)
        || (_interval.IsEpoch && step.CompletedEpoch is not null);

    /// <summary>Accepts a state and writes it in the background.</summary>
    public void Keep(int network, TrainingState state)
    {
        lock (_lock)
        {
            Take(network, state);
            if (_isWriting)
                return;
            _isWriting = true;
            BusyThread busy = new(s_longestBusy); // before the next step begins
            _writing = Task.Run(() => WriteNewest(busy));
        }
    }

    /// <summary>Accepts a state that is written with the next one or by <see cref="Finish"/>.</summary>
    public void Hold(int network, TrainingState state)
    {
        lock (_lock)
            Take(network, state);
    }

    /// <summary>Waits for the current write, and writes a newer state if there is one.</summary>
    /// <returns>Whether the newest state is in the file.</returns>
    public bool Finish()
    {
        Task writing;
        lock (_lock)
            (writing, _isEnding) = (_writing, true);
        writing.Wait();
        WriteNewest(new BusyThread(s_longestBusy));
        return Fault is null;
    }

    /// <summary>Writes the newest state into another folder.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void SaveInto(RunFolder folder)
    {
        lock (_lock)
            TrainingStateFile.Save(Snapshot(), folder.StatePath);
    }

    /// <summary>Waits for the current write, because another run may use the folder afterwards.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        Task writing;
        lock (_lock)
            (writing, _isEnding) = (_writing, true);
        Task.WhenAny(writing).Wait();
    }

    private void Take(int network, TrainingState state)
    {
        (_states[network], _isNewer) = (state, true);
        Volatile.Write(ref _due[network], 0);
    }

    private RunState Snapshot() => new([.. _states], new Dictionary<string, string>(_notes));

    private void WriteNewest(BusyThread busy)
    {
        using (busy)
        {
            while (Next() is { } run)
            {
                if (TryWrite(run, busy))
                    continue;
                lock (_lock)
                    (_isNewer, _isWriting) = (true, false);
                return;
            }
        }
    }

    // Null if there is no newer state: the background write then ends.
    private RunState? Next()
    {
        lock (_lock)
        {
            bool isNewer = _isNewer;
            (_isNewer, _isWriting) = (false, isNewer);
            return isNewer ? Snapshot() : null;
        }
    }

    // The metrics are flushed before the state, because a saved state implies that the lines before it are saved. The thread waits for the
    // disk from then on, so it no longer needs a processor.
    private bool TryWrite(RunState run, BusyThread busy)
    {
        try
        {
            TrainingStateFile.Save(run, _folder.StatePath, beforeFlush: () =>
            {
                busy.Dispose();
                _metrics.Flush();
            });
            Fault = null;
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            Fault = e;
            if (!_isEnding)
                Warn($"The state could not be saved as {Printable.Path(_folder.StatePath)}: {WriteFault.Reason(e)} The run continues and will try to save its state again.");
            return false;
        }

        if (_keep > 1)
            WriteKept(run);
        return true;
    }

    // This is only a copy: the run can be resumed without it.
    private void WriteKept(RunState run)
    {
        long step = run.Networks.Sum(state => state?.Position.Step ?? 0);
        string path = Path.Combine(_folder.Folder, string.Create(CultureInfo.InvariantCulture, $"{RunFolder.StatePrefix}{step}.safetensors"));
        try
        {
            TrainingStateFile.Save(run, path);
            string[] kept = [.. _folder.KeptStates];
            foreach (string old in kept.SkipLast(_keep))
                File.Delete(old);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            Warn($"A copy of the state could not be kept as {Printable.Path(path)}: {WriteFault.Reason(e)}");
        }
    }

    // Warns only once, because a state may be saved every second.
    private void Warn(string sentence)
    {
        if (_hasWarned)
            return;
        _hasWarned = true;
        Failure.Warn(sentence);
    }
}
