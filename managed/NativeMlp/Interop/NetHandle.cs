// SPDX-License-Identifier: MIT
using Microsoft.Win32.SafeHandles;

namespace NativeMlp.Interop;

/// <summary>Owns a native network, and notifies the garbage collector of its size. Otherwise networks that are not
/// disposed of would fill the memory before the collector runs.</summary>
internal sealed class NetHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    private long _pressure;

    /// <summary>This handle, to be used in a call.</summary>
    /// <param name="owner">What an exception calls the network.</param>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public NetHandle OpenFor(object owner)
    {
        ObjectDisposedException.ThrowIf(IsClosed, owner);
        return this;
    }

    /// <summary>Notifies the collector of the current size of the network. The caller must keep the handle from being released.</summary>
    public void ReportMemory()
    {
        long bytes = (long)NativeMethods.nmlp_net_memory_bytes(this);
        if (bytes != Volatile.Read(ref _pressure)) Report(bytes);
    }

    protected override bool ReleaseHandle()
    {
        NativeMethods.nmlp_net_destroy(handle);
        Report(0);
        return true;
    }

    private void Report(long bytes)
    {
        long growth = bytes - Interlocked.Exchange(ref _pressure, bytes);
        if (growth > 0) GC.AddMemoryPressure(growth);
        if (growth < 0) GC.RemoveMemoryPressure(-growth);
    }
}
