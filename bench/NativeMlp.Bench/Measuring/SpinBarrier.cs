// SPDX-License-Identifier: MIT
using System.Runtime.CompilerServices;

namespace NativeMlp.Bench.Measuring;

/// <summary>Threads wait for one another by spinning: each writes its own cache line and reads the others'.</summary>
internal sealed class SpinBarrier(int threads)
{
    // Two cache lines, since they are fetched in pairs.
    private const int Apart = 128 / sizeof(long);

    private readonly long[] _arrivals = new long[(threads + 1) * Apart];

    /// <summary>Meets the other threads.</summary>
    /// <param name="thread">The number of the calling thread.</param>
    /// <param name="times">How often.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Wait(int thread, int times = 1)
    {
        long arrival = _arrivals[Place(thread)];
        for (int time = 0; time < times; time++)
        {
            Volatile.Write(ref _arrivals[Place(thread)], ++arrival);
            for (int other = 0; other < threads; other++)
                while (Volatile.Read(ref _arrivals[Place(other)]) < arrival) { }
        }
    }

    private static int Place(int thread) => (thread + 1) * Apart;
}
