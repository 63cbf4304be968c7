// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Inference;

/// <summary>The statistics of a column that the rules use.</summary>
internal sealed class ColumnFacts
{
    /// <summary>The maximum number of different values that are counted in a column of numbers.</summary>
    public const int MostDistinct = 10_000;

    private const int MostShown = 3;

    private ColumnFacts(TableColumn column) => Column = column;

    public TableColumn Column { get; }

    public int Missing { get; private init; }

    /// <summary>The number of rows with a value.</summary>
    public int Present => Column.Count - Missing;

    public int Distinct { get; private init; }

    /// <summary>The smallest number; NaN for text.</summary>
    public double Minimum { get; private init; } = double.NaN;

    public double Maximum { get; private init; } = double.NaN;

    public bool IsInteger { get; private init; }

    /// <summary>Whether the number of each row is that of the previous row plus one.</summary>
    public bool CountsUp { get; private init; }

    /// <summary>Some values; for text, the most frequent ones.</summary>
    public IReadOnlyList<string> Values { get; private init; } = [];

    public static ColumnFacts Of(TableColumn column) => column is NumberColumn numbers ? Of(numbers) : Of((TextColumn)column);

    /// <summary>Whether no value occurs twice.</summary>
    public bool AllDistinct()
    {
        if (Distinct < MostDistinct || Column is TextColumn) return Distinct == Present;
        double[] sorted = ((NumberColumn)Column).Values.ToArray();
        Array.Sort(sorted);
        for (int i = Missing + 1; i < sorted.Length; i++)
        {
            if (sorted[i] == sorted[i - 1]) return false;
        }

        return true;
    }

    private static ColumnFacts Of(NumberColumn column)
    {
        var distinct = new HashSet<double>();
        double minimum = double.PositiveInfinity, maximum = double.NegativeInfinity, before = double.NaN;
        int missing = 0;
        bool integers = true, countsUp = true;
        foreach (double value in column.Values)
        {
            if (double.IsNaN(value))
            {
                (countsUp, missing) = (false, missing + 1);
                continue;
            }

            if (distinct.Count < MostDistinct) distinct.Add(value);
            (minimum, maximum) = (Math.Min(minimum, value), Math.Max(maximum, value));
            integers = integers && Math.Floor(value) == value;
            countsUp = countsUp && (double.IsNaN(before) || value == before + 1);
            before = value;
        }

        return new ColumnFacts(column)
        {
            Missing = missing,
            Distinct = distinct.Count,
            Minimum = minimum,
            Maximum = maximum,
            IsInteger = integers && distinct.Count > 0,
            CountsUp = countsUp && column.Count > 0,
            Values = [.. distinct.Take(MostShown).Select(Text)],
        };
    }

    private static ColumnFacts Of(TextColumn column)
    {
        int[] counts = new int[column.Distinct.Count];
        int missing = 0;
        foreach (int code in column.Codes)
        {
            if (code < 0) missing++;
            else counts[code]++;
        }

        int[] byCount = [.. Enumerable.Range(0, counts.Length).Where(code => counts[code] > 0).OrderByDescending(code => counts[code])];
        return new ColumnFacts(column)
        {
            Missing = missing,
            Distinct = byCount.Length,
            Values = [.. byCount.Take(MostShown).Select(code => column.Distinct[code])],
        };
    }

    /// <summary>Returns a number as the shortest text that is read as the same number.</summary>
    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
