// SPDX-License-Identifier: MIT
namespace NativeMlp.Bench.Peers;

/// <summary>Shares rows out to threads the way a C# program does it.</summary>
internal static class RowSplit
{
    /// <summary>What does all rows.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="threads">On how many threads; with one, on the calling thread.</param>
    /// <param name="part">Does the rows from the first argument to before the second.</param>
    public static Action Over(int rows, int threads, Action<int, int> part)
    {
        if (threads == 1 || rows < threads) return () => part(0, rows);
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads };
        return () => Parallel.For(0, threads, options, index => part(rows * index / threads, rows * (index + 1) / threads));
    }
}
