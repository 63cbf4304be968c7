// SPDX-License-Identifier: MIT
namespace NativeMlp.Interop;

/// <summary>Tells the native library that a thread of the program needs a processor, until the object is disposed. Meanwhile, training
/// steps leave it one, so that their workers do not wait for a worker that has lost its processor.</summary>
internal sealed class BusyThread : IDisposable
{
    private readonly Timer? _limit;
    private int _isBusy = 1;

    /// <param name="longest">The time after which the announcement ends by itself, for work that may wait for a slow disk; null for no
    /// limit. From then on, the library finds out whether its workers lose their processors.</param>
    public BusyThread(TimeSpan? longest = null)
    {
        NativeLibraryLoader.EnsureLoaded();
        StatusCheck.ThrowIfFailed(NativeMethods.nmlp_add_busy_threads(1), nameof(NativeMethods.nmlp_add_busy_threads));
        if (longest is { } time) _limit = new Timer(static busy => ((BusyThread)busy!).Dispose(), this, time, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends the work. Later calls have no effect.</summary>
    public void Dispose()
    {
        _limit?.Dispose();
        if (Interlocked.Exchange(ref _isBusy, 0) == 1)
            StatusCheck.ThrowIfFailed(NativeMethods.nmlp_add_busy_threads(-1), nameof(NativeMethods.nmlp_add_busy_threads));
    }
}
