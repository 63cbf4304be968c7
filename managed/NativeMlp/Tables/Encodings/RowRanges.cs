// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables.Encodings;

/// <summary>Work on the rows of a table, a range of neighbouring ones at a time, on several threads.</summary>
internal static class RowRanges
{
    /// <summary>Rows of a range, but for the last one.</summary>
    public const int Length = 256;

    /// <summary>Calls <paramref name="work"/> with the first row and the end of each range.</summary>
    public static void ForEach(int rows, int threads, Action<int, int> work)
    {
        int ranges = (int)(((long)rows + Length - 1) / Length);
        ParallelOptions options = new() { MaxDegreeOfParallelism = threads == 0 ? NativeLibraryInfo.DefaultThreads : threads };
        if (ranges == 1 || options.MaxDegreeOfParallelism == 1)
        {
            for (int range = 0; range < ranges; range++) Call(range);
            return;
        }

        Parallel.For(0, ranges, options, Call);

        void Call(int range) => work(range * Length, (int)Math.Min((range + 1L) * Length, rows));
    }
}
