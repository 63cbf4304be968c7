// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Data;

/// <summary>
/// Looks at the features of a table while it is read, for what is correct and yet hardly meant: different values that
/// float32 cannot hold apart, and columns on scales so different that training hardly sees the small ones.
/// </summary>
internal sealed class ColumnWatch(IReadOnlyList<string> names, int features)
{
    private const double UsualRatio = 1e3;

    // Of 50,000 random numbers with many digits, one in a thousand meets another as float32; that is no fault.
    private const double UsualLoss = 0.01;
    private const int MostCells = 1 << 19; // so that a long table costs neither time nor memory

    private readonly HashSet<double>[] _written = Sets<double>(features);
    private readonly HashSet<float>[] _held = Sets<float>(features);
    private readonly float[] _greatest = new float[features];
    private int _cells;

    /// <summary>Looks at a cell.</summary>
    /// <param name="column">Its column, from 0; the label's is of no interest.</param>
    /// <param name="cell">What is written there.</param>
    /// <param name="value">The number that it was read as.</param>
    public void Add(int column, ReadOnlySpan<byte> cell, float value)
    {
        if (column >= features)
            return;

        _greatest[column] = Math.Max(_greatest[column], Math.Abs(value));
        if (_cells < MostCells && double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out double written))
        {
            _cells++;
            _written[column].Add(written);
            _held[column].Add(value);
        }
    }

    /// <summary>A sentence about each thing that was noticed.</summary>
    public IReadOnlyList<string> Warnings(string path)
    {
        List<string> warnings = [];
        for (int column = 0; column < features; column++)
        {
            if (_held[column].Count < (1 - UsualLoss) * _written[column].Count)
            {
                warnings.Add($"{Printable.Path(path)}: {Name(column)} has {_written[column].Count} different values, of which float32 holds only "
                    + $"{_held[column].Count} apart; subtract an offset from the column or write it in another unit.");
            }
        }

        int[] used = [.. Enumerable.Range(0, features).Where(column => _greatest[column] > 0)];
        if (used.Length > 0 && used.MaxBy(column => _greatest[column]) is var large && used.MinBy(column => _greatest[column]) is var small
            && _greatest[large] > UsualRatio * _greatest[small])
        {
            warnings.Add($"{Printable.Path(path)}: the columns are on very different scales, {Name(large)} up to {Number(large)} and {Name(small)} up to {Number(small)}; "
                + "standardise them (subtract each column's mean and divide by its standard deviation), or the network may not learn from the small ones.");
        }

        return warnings;
    }

    private static HashSet<T>[] Sets<T>(int count) => [.. Enumerable.Range(0, count).Select(_ => new HashSet<T>())];

    private string Name(int column) => names.Count == 0
        ? string.Create(CultureInfo.InvariantCulture, $"column {column + 1}") : $"column {Printable.Quoted(names[column], most: 40)}";

    private string Number(int column) => _greatest[column].ToString("G3", CultureInfo.InvariantCulture);
}
