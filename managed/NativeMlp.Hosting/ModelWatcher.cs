// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Logging;
using NativeMlp.Data;

namespace NativeMlp.Hosting;

/// <summary>Looks at a model's file from time to time and loads what is new.</summary>
internal sealed class ModelWatcher : IDisposable
{
    private readonly ServedModel _model;
    private readonly ModelFile _file;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private FileSignature _seen;
    private string? _failure; // that of the last look, if it failed

    /// <summary>Begins to watch.</summary>
    /// <param name="model">The model, which has been loaded.</param>
    /// <param name="file">Its file.</param>
    /// <param name="seen">What the file was before it was loaded.</param>
    /// <param name="interval">The time from one look to the next.</param>
    /// <param name="logger">Told of new and of refused files.</param>
    public ModelWatcher(ServedModel model, ModelFile file, FileSignature seen, TimeSpan interval, ILogger logger)
    {
        (_model, _file, _seen, _logger) = (model, file, seen, logger);
        _watching = Task.Run(() => WatchAsync(interval));
    }

    public void Dispose()
    {
        _stop.Cancel();
        _watching.Wait();
        _stop.Dispose();
    }

    private async Task WatchAsync(TimeSpan interval)
    {
        using PeriodicTimer timer = new(interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false)) Look();
        }
        catch (OperationCanceledException)
        {
        }
    }

    // No file, whatever is wrong with it, may end the watching; what fails at one look may succeed at the next.
    private void Look()
    {
        try
        {
            FileSignature found = _file.Signature();
            if (found == _seen) _failure = null;
            else if (!found.IsSettling(DateTime.UtcNow)) Take(found);
        }
#pragma warning disable CA1031 // see above
        catch (Exception error)
#pragma warning restore CA1031
        {
            Report(error.Message);
        }
    }

    private void Take(FileSignature found)
    {
        ModelVersion current = _model.Current;
        (ModelVersion? next, string? problem) = Load(current);
        if (!IsStill(found))
        {
            next?.RemoveUser(); // it is being written: the next look tells more
            return;
        }

        (_seen, _failure) = (found, null);
        if (next is null)
        {
            Log.Rejected(_logger, _model.Name, current.Number, Printable.Lines(problem!));
            return;
        }

        _model.Replace(next);
        Log.Loaded(_logger, _model.Name, next.Number, next.Path, next.WeightsSha256);
    }

    // Only what is wrong with the file itself is a problem that stays.
    private (ModelVersion? Next, string? Problem) Load(ModelVersion current)
    {
        try
        {
            ModelVersion next = _file.Load(current.Number + 1);
            if (Contract.Difference(current, next) is not { } difference) return (next, null);
            next.RemoveUser();
            return (null, difference);
        }
        catch (DataFormatException error)
        {
            return (null, error.Message);
        }
    }

    private bool IsStill(FileSignature found)
    {
        try
        {
            return _file.Signature() == found;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Once, however many looks fail in the same way.
    private void Report(string failure)
    {
        if (failure == _failure) return;
        _failure = failure;
        Log.NotRead(_logger, _model.Name, _model.VersionNumber, Printable.Lines(failure));
    }
}
