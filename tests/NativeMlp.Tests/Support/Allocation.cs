// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests.Support;

internal static class Allocation
{
    /// <summary>The bytes that a call allocates on its thread: the least of some, for the runtime allocates a little itself
    /// when it makes a method ready or faster, at a time of its own.</summary>
    public static long Of(Action call)
    {
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
