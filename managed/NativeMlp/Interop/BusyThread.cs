// SPDX-License-Identifier: MIT
namespace NativeMlp.Interop;

/// <summary>Tells the native library that a thread of the program needs a processor, until the object is disposed. Meanwhile, training
/// steps leave it one, so that their workers do not wait for a worker that has lost its processor.</summary>
internal sealed class BusyThread : IDisposable
{
    private int _isBusy = 1;

    public BusyThread()
    {
        NativeLibraryLoader.EnsureLoaded();
        StatusCheck.ThrowIfFailed(NativeMethods.nmlp_add_busy_threads(1), nameof(NativeMethods.nmlp_add_busy_threads));
    }

    /// <summary>Ends the work. Later calls have no effect.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isBusy, 0) == 1)
            StatusCheck.ThrowIfFailed(NativeMethods.nmlp_add_busy_threads(-1), nameof(NativeMethods.nmlp_add_busy_threads));
    }
}
