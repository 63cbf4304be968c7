// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace NativeMlp.Bench.Processors;

/// <summary>The cores that this process may use, and pinning to them (Linux only).</summary>
internal static partial class Cores
{
    private const int MaskBytes = 128;

    // Looked up before any thread is pinned.
    private static readonly byte[]? Allowed = ReadMask();

    /// <summary>The first logical processor of each core.</summary>
    public static IReadOnlyList<int> Physical { get; } = Find();

    public static bool CanPin => OperatingSystem.IsLinux();

    /// <summary>Lets the calling thread run on one logical processor only.</summary>
    public static void PinCurrentThread(int processor)
    {
        if (!OperatingSystem.IsLinux()) return;
        Span<byte> mask = stackalloc byte[MaskBytes];
        mask.Clear();
        mask[processor / 8] = (byte)(1 << (processor % 8));
        _ = sched_setaffinity(0, MaskBytes, mask);
    }

    /// <summary>Lets the calling thread run wherever the process may.</summary>
    public static void FreeCurrentThread()
    {
        if (Allowed is not null) _ = sched_setaffinity(0, MaskBytes, Allowed);
    }

    private static int[] Find() => Allowed is null || !OperatingSystem.IsLinux()
        ? [.. Enumerable.Range(0, Environment.ProcessorCount)]
        : [.. Enumerable.Range(0, MaskBytes * 8).Where(p => (Allowed[p / 8] >> (p % 8) & 1) != 0).DistinctBy(CoreOf)];

    private static byte[]? ReadMask()
    {
        byte[] mask = new byte[MaskBytes];
        return OperatingSystem.IsLinux() && sched_getaffinity(0, MaskBytes, mask) >= 0 ? mask : null;
    }

    // The lowest sibling stands for the core.
    [SupportedOSPlatform("linux")]
    private static int CoreOf(int processor)
    {
        string file = $"/sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list";
        if (!File.Exists(file)) return processor;
        return int.Parse(File.ReadAllText(file).Split(',', '-')[0], CultureInfo.InvariantCulture);
    }

    // A thread id of 0 is the calling thread.

    [LibraryImport("libc")]
    private static partial int sched_setaffinity(int thread, nuint size, ReadOnlySpan<byte> mask);

    [LibraryImport("libc")]
    private static partial int sched_getaffinity(int thread, nuint size, Span<byte> mask);
}
