// SPDX-License-Identifier: MIT
using System.Collections.Concurrent;

namespace NativeMlp.Training;

/// <summary>A thread that runs one function after another for callers that await them. The native library keeps workers for each
/// thread that calls it: one dedicated thread keeps their number small.</summary>
internal sealed class DedicatedThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public DedicatedThread(string name)
    {
        Thread thread = new(() =>
        {
            using BlockingCollection<Action> work = _work;
            foreach (Action action in work.GetConsumingEnumerable()) action();
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
    }

    /// <summary>Runs a function on the thread.</summary>
    public Task<T> RunAsync<T>(Func<T> function)
    {
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                result.SetResult(function());
            }
#pragma warning disable CA1031 // any exception is rethrown where the result is awaited
            catch (Exception error)
#pragma warning restore CA1031
            {
                result.SetException(error);
            }
        });
        return result.Task;
    }

    /// <summary>Ends the thread after the functions that were passed to it.</summary>
    public void Dispose() => _work.CompleteAdding();
}
