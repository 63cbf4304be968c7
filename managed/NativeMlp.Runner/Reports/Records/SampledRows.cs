// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Reports.Records;

/// <summary>Some of many rows, drawn with a fixed seed: every so-manieth row could miss a class that comes at the same distance.</summary>
internal static class SampledRows
{
    private const ulong Seed = 1;

    /// <summary>At most <paramref name="most"/> of the rows, ascending.</summary>
    public static int[] Of(int count, int most)
    {
        int[] rows = new int[count];
        Kernels.RandomPermutation(Seed, stream: 0, rows);
        return [.. rows.Take(most).Order()];
    }
}
