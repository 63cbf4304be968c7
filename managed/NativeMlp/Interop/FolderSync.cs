// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;
using System.Text;

namespace NativeMlp.Interop;

/// <summary>Makes the names in a folder durable, which .NET has no call for: after a rename the file's content is on the
/// disk, but after a power failure the folder may still name the old file.</summary>
internal static unsafe class FolderSync
{
    private const int ReadOnly = 0; // O_RDONLY, the same on Linux and macOS

    /// <summary>Flushes a folder to the disk. A file system that cannot do it is left alone.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows()) return; // has no such call, and keeps a journal of names
        nint program = NativeLibrary.GetMainProgramHandle();
        var open = (delegate* unmanaged<byte*, int, int>)NativeLibrary.GetExport(program, "open");
        var flush = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(program, "fsync");
        var close = (delegate* unmanaged<int, int>)NativeLibrary.GetExport(program, "close");
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + '\0'))
        {
            int descriptor = open(path, ReadOnly);
            if (descriptor < 0) return;
            _ = flush(descriptor);
            _ = close(descriptor);
        }
    }
}
