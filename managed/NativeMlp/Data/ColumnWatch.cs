// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Data;

/// <summary>
/// Checks the features of a table while it is read for values that are valid but probably not intended: different values that
/// are equal as float32, and columns on scales so different that training hardly uses the small ones.
/// </summary>
internal sealed class ColumnWatch(IReadOnlyList<string> names, int features)
{
    private const double UsualRatio = 1e3;

    // Among 50,000 random numbers with many digits, one in a thousand is equal to another as float32. This is not a problem.
    private const double UsualLoss = 0.01;
    private const int MostCells = 1 << 19; // limits the time and memory for a long table

    private readonly HashSet<double>[] _written = Sets<double>(features);
    private readonly HashSet<float>[] _held = Sets<float>(features);
    private readonly float[] _greatest = new float[features];
    private int _cells;

    /// <summary>Checks a cell.</summary>
    /// <param name="column">The index of its column. The label column is ignored.</param>
    /// <param name="cell">The text of the cell.</param>
    /// <param name="value">The number in the cell.</param>
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

    /// <summary>Returns a message for each problem that was found.</summary>
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
