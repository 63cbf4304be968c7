// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Reports.Records;

/// <summary>Selects some of many rows at random, with a fixed seed. Taking every n-th row could miss a class that occurs at regular
/// intervals.</summary>
internal static class SampledRows
{
    private const ulong Seed = 1;

    /// <summary>Returns at most <paramref name="most"/> of the rows, in ascending order.</summary>
    public static int[] Of(int count, int most)
    {
        int[] rows = new int[count];
        Kernels.RandomPermutation(Seed, stream: 0, rows);
        return [.. rows.Take(most).Order()];
    }
}
