// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Training;

/// <summary>Splits rows at random, depending only on the seed. Each part contains the classes in the same proportions.</summary>
internal sealed class RowSplitter
{
    // Streams 1, 2, ... are used for the order of the epochs, and all other uses of a seed are below 2^34.
    private const ulong FirstStream = 1UL << 34;

    private readonly ulong _seed;
    private readonly int[]? _classes;
    private readonly int[]? _groups;
    private readonly double[]? _times;
    private ulong _stream = FirstStream;

    /// <summary>Creates a splitter.</summary>
    /// <param name="seed">The seed of the split.</param>
    /// <param name="classes">The class of each row of the table; null if there are none.</param>
    /// <param name="groups">The group of each row, which stays in one part; null for no groups.</param>
    /// <param name="times">The time of each row, to hold back the latest rows; null for a random choice.</param>
    public RowSplitter(ulong seed, int[]? classes, int[]? groups = null, double[]? times = null) =>
        (_seed, _classes, _groups, _times) = (seed, classes, groups, times);

    /// <summary>Holds back a part of the rows. Each call makes a new choice.</summary>
    /// <returns>The remaining rows and the rows held back, both in ascending order.</returns>
    public (int[] Kept, int[] Held) Hold(int[] rows, double fraction)
    {
        HashSet<int> held = fraction == 0 ? []
            : _times is not null ? [.. Latest(rows, (int)(rows.Length * fraction))]
            : _groups is not null ? [.. GroupsUpTo(rows, (int)(rows.Length * fraction))]
            : [.. Spread(rows, fraction)];
        return (Array.FindAll(rows, row => !held.Contains(row)), Array.FindAll(rows, held.Contains));
    }

    /// <summary>Splits the rows into folds.</summary>
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

    // Takes every n-th of the rows sorted by class, but never the last row of a class.
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

    // As many of the shuffled groups as fit; at least one, unless it is the only one.
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
