// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Logging;

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

    private void Look()
    {
        FileSignature found = _file.Signature();
        if (found == _seen || found.IsSettling(DateTime.UtcNow)) return;
        ModelVersion current = _model.Current;
        (ModelVersion? next, string? problem) = Load(current);
        if (_file.Signature() != found)
        {
            next?.RemoveUser(); // it is being written: the next look tells more
            return;
        }

        _seen = found;
        if (next is null)
        {
            Log.Refused(_logger, _model.Name, current.Number, Printable.Lines(problem!));
            return;
        }

        _model.Replace(next);
        Log.Loaded(_logger, _model.Name, next.Number, next.Path, next.WeightsSha256);
    }

    private (ModelVersion? Next, string? Problem) Load(ModelVersion current)
    {
        try
        {
            ModelVersion next = _file.Load(current.Number + 1);
            if (Contract.Difference(current, next) is not { } difference) return (next, null);
            next.RemoveUser();
            return (null, difference);
        }
#pragma warning disable CA1031 // no file, whatever is wrong with it, may end the watching
        catch (Exception error)
#pragma warning restore CA1031
        {
            return (null, error.Message);
        }
    }
}
