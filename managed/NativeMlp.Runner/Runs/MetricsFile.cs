// SPDX-License-Identifier: MIT
using System.Buffers;
using System.Text.Json;
using NativeMlp.Runner.Output;
using NativeMlp.Training;

namespace NativeMlp.Runner.Runs;

/// <summary>The file <c>metrics.jsonl</c> of a run. It contains one JSON object per line: one for each epoch, for every N-th step (if
/// requested), for each fold, and for the result.</summary>
/// <remarks>If a line cannot be written, it is kept and written with the next one: a fault of this file never ends the run. After a crash,
/// the last line may be incomplete. Writing a step line allocates nothing.</remarks>
/// <param name="path">The file. <see cref="Open"/> opens it; nothing is written before that.</param>
/// <param name="logEvery">The number of steps between two step lines; 0 for no step lines.</param>
internal sealed class MetricsFile(string path, int logEvery) : IRunObserver, IDisposable
{
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _waiting = new();
    private FileStream? _file;
    private Utf8JsonWriter? _json;
    private int _fold; // from 1; 0 for the final model
    private bool _several;

    /// <summary>The reason why some lines are not written yet; null if all are.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>The lines that could not be written.</summary>
    public byte[] Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.WrittenSpan.ToArray();
        }
    }

    /// <summary>Opens the file for appending lines.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Open() => _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);

    public void PartBegan(int fold, RunStart part) => (_fold, _several) = (fold, part.Networks > 1);

    public void Stepped(int network, in StepReport step)
    {
        if (logEvery == 0 || step.Step % logEvery != 0)
            return;
        lock (_lock)
        {
            Utf8JsonWriter json = Begin("step"u8, network, step.Epoch, step.Step);
            WriteFinite(json, "loss"u8, step.Result.Loss);
            WriteFinite(json, "learning_rate"u8, step.LearningRate);
            End(json);
        }
    }

    public void EpochEnded(int network, EpochReport epoch)
    {
        lock (_lock)
        {
            Utf8JsonWriter json = Begin("epoch"u8, network, epoch.Epoch, epoch.Step);
            WriteFinite(json, "loss"u8, epoch.TrainLoss);
            WriteFinite(json, "accuracy"u8, epoch.TrainAccuracy);
            WriteFinite(json, "learning_rate"u8, epoch.LearningRate);
            WriteFinite(json, "validation_loss"u8, epoch.ValidationLoss);
            WriteFinite(json, "validation_accuracy"u8, epoch.ValidationAccuracy);
            WriteFinite(json, "seconds"u8, epoch.Elapsed.TotalSeconds);
            WriteFinite(json, "rows_per_second"u8, epoch.SamplesPerSecond);
            End(json);
        }
    }

    public string? Finished(RunEnd end)
    {
        WriteLine(JsonSerializer.SerializeToUtf8Bytes(end.Result, JsonLines.Types.ResultEvent));
        return null; // the run reports Fault
    }

    public void FoldEnded(FoldEvent fold) => WriteLine(JsonSerializer.SerializeToUtf8Bytes(fold, JsonLines.Types.FoldEvent));

    /// <summary>Flushes the lines to disk. This must happen before a state that depends on them is saved.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            WriteWaiting();
            try
            {
                _file?.Flush(flushToDisk: true);
            }
            catch (Exception e) when (WriteFault.Is(e))
            {
                Fault = e;
            }
        }
    }

    public void Dispose()
    {
        _json?.Dispose();
        _file?.Dispose();
    }

    private void WriteLine(byte[] line)
    {
        lock (_lock)
        {
            _waiting.Write(line);
            _waiting.Write("\n"u8);
            WriteWaiting();
        }
    }

    private Utf8JsonWriter Begin(ReadOnlySpan<byte> name, int network, int epoch, long step)
    {
        _json ??= new Utf8JsonWriter(_waiting);
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("event"u8, name);
        if (_fold > 0)
            _json.WriteNumber("fold"u8, _fold);
        if (_several)
            _json.WriteNumber("network"u8, network);
        _json.WriteNumber("epoch"u8, epoch);
        _json.WriteNumber("step"u8, step);
        return _json;
    }

    private void End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.Flush();
        _waiting.Write("\n"u8);
        WriteWaiting();
    }

    // JSON has neither NaN nor infinity, so they become null.
    private static void WriteFinite(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    private void WriteWaiting()
    {
        if (_file is null || _waiting.WrittenCount == 0)
            return;
        long length = _file.Length;
        try
        {
            _file.Write(_waiting.WrittenSpan);
            _waiting.ResetWrittenCount();
            Fault = null;
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            Fault = e;
            TryCut(_file, length);
        }
    }

    // Removes the part of a line that a failed write has left.
    private static void TryCut(FileStream file, long length)
    {
        try
        {
            file.SetLength(length);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            // Readers of the file skip a line that is not JSON.
        }
    }
}
