// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Training;

/// <summary>Parts rows at random: the seed alone decides, and each class is in each part as often as in the whole.</summary>
internal sealed class RowSplitter
{
    // Epochs shuffle from streams 1, 2, ..., and the other users of a seed are below 2^34.
    private const ulong FirstStream = 1UL << 34;

    private readonly ulong _seed;
    private readonly int[]? _classes;
    private readonly int[]? _groups;
    private readonly double[]? _times;
    private ulong _stream = FirstStream;

    /// <summary>Makes a splitter.</summary>
    /// <param name="seed">Another one parts the rows otherwise.</param>
    /// <param name="classes">The class of each row of the table; null where there are none.</param>
    /// <param name="groups">The group of each row, which stays in one part; null where each row is on its own.</param>
    /// <param name="times">The time of each row, by which the latest are held back; null for a random choice.</param>
    public RowSplitter(ulong seed, int[]? classes, int[]? groups = null, double[]? times = null) =>
        (_seed, _classes, _groups, _times) = (seed, classes, groups, times);

    /// <summary>Holds back a part of the rows; each call draws anew.</summary>
    /// <returns>The rows that remain and those held back, both ascending.</returns>
    public (int[] Kept, int[] Held) Hold(int[] rows, double fraction)
    {
        HashSet<int> held = fraction == 0 ? []
            : _times is not null ? [.. Latest(rows, (int)(rows.Length * fraction))]
            : _groups is not null ? [.. GroupsUpTo(rows, (int)(rows.Length * fraction))]
            : [.. Spread(rows, fraction)];
        return (Array.FindAll(rows, row => !held.Contains(row)), Array.FindAll(rows, held.Contains));
    }

    /// <summary>Parts the rows into folds.</summary>
    /// <returns>The rows of each fold, ascending.</returns>
    public int[][] Folds(int[] rows, int folds)
    {
        var parts = new List<int>[folds];
        for (int fold = 0; fold < folds; fold++) parts[fold] = [];
        if (_groups is not null)
        {
            foreach (int[] group in ShuffledGroups(rows)) parts.MinBy(part => part.Count)!.AddRange(group);
        }
        else
        {
            int place = 0;
            foreach (int row in ShuffledByClass(rows)) parts[place++ % folds].Add(row);
        }

        return [.. parts.Select(part => part.Order().ToArray())];
    }

    // Every so many-th row of those in the order of their classes; none is taken that is the last of its class.
    private IEnumerable<int> Spread(int[] rows, double fraction)
    {
        Dictionary<int, int> left = rows.CountBy(ClassOf).ToDictionary();
        int place = 0;
        foreach (int row in ShuffledByClass(rows))
        {
            place++;
            if (Math.Floor(place * fraction) == Math.Floor((place - 1) * fraction) || left[ClassOf(row)] < 2) continue;
            left[ClassOf(row)]--;
            yield return row;
        }
    }

    private IEnumerable<int> Latest(int[] rows, int count) => rows.OrderBy(row => _times![row]).ThenBy(row => row).TakeLast(count);

    // As many of the shuffled groups as fit, and at least one, unless it is all there is.
    private List<int> GroupsUpTo(int[] rows, int count)
    {
        List<int> held = [];
        int[][] groups = [.. ShuffledGroups(rows)];
        foreach (int[] group in groups)
        {
            if (held.Count + group.Length <= count) held.AddRange(group);
        }

        if (held.Count == 0 && groups.Length > 1) held.AddRange(groups.MinBy(group => group.Length)!);
        return held;
    }

    private IEnumerable<int[]> ShuffledGroups(int[] rows)
    {
        int[][] groups = [.. rows.GroupBy(row => _groups![row]).Select(group => group.ToArray())];
        return Order(groups.Length).Select(group => groups[group]);
    }

    private IEnumerable<int> ShuffledByClass(int[] rows) => Order(rows.Length).Select(place => rows[place]).OrderBy(ClassOf);

    private int[] Order(int length)
    {
        int[] order = new int[length];
        Kernels.RandomPermutation(_seed, _stream++, order);
        return order;
    }

    private int ClassOf(int row) => _classes is null ? 0 : _classes[row];
}
