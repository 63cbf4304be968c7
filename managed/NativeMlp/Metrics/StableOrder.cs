// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>Sorting that keeps the rows of equal keys in their order, so that sums over them do not depend on the sort.</summary>
internal static class StableOrder
{
    /// <summary>Sorts the keys in ascending order and gives back the row of each.</summary>
    public static int[] Sort(double[] keys)
    {
        int[] rows = new int[keys.Length];
        for (int row = 0; row < rows.Length; row++) rows[row] = row;
        Array.Sort(keys, rows);
        for (int first = 0; first < rows.Length;)
        {
            int count = CountEqual(keys.AsSpan(first));
            rows.AsSpan(first, count).Sort();
            first += count;
        }

        return rows;
    }

    /// <summary>How many keys at the beginning are equal; at least one.</summary>
    public static int CountEqual(ReadOnlySpan<double> keys)
    {
        int count = 1;
        while (count < keys.Length && keys[count] == keys[0]) count++;
        return count;
    }
}
