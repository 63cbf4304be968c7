// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;

namespace NativeMlp.Tabular.Reading;

/// <summary>The result of reading a cell.</summary>
internal enum CellResult
{
    Good,
    NotANumber,
    TooLarge,
    BadQuotes,
}

/// <summary>The cells of one column in one block.</summary>
internal abstract class Cells
{
    /// <summary>Makes space for this number of rows and keeps the existing ones.</summary>
    public abstract void Resize(int rows);

    /// <summary>Removes the data of the last block.</summary>
    public virtual void Clear()
    {
    }

    /// <summary>Reads a cell of <paramref name="row"/> from its raw text.</summary>
    public abstract CellResult Set(int row, ReadOnlySpan<char> cell);
}

/// <summary>A column that is not read.</summary>
internal sealed class SkippedCells : Cells
{
    public static SkippedCells Instance { get; } = new();

    public override void Resize(int rows)
    {
    }

    public override CellResult Set(int row, ReadOnlySpan<char> cell) => CellResult.Good;
}

/// <summary>Numbers; NaN for a missing value.</summary>
internal sealed class NumberCells(NumberSyntax syntax, MissingMarks missing) : Cells
{
    private double[] _values = [];
    private char[] _buffer = [];

    public ReadOnlySpan<double> Values => _values;

    public override void Resize(int rows) => Array.Resize(ref _values, rows);

    public override CellResult Set(int row, ReadOnlySpan<char> cell)
    {
        if (syntax.TryParse(cell, out double value)) return Set(row, value);
        if (!Quotes.TryRemove(cell, ref _buffer, out ReadOnlySpan<char> inner)) return CellResult.BadQuotes;
        if (inner.Length != cell.Length && syntax.TryParse(inner, out value)) return Set(row, value);
        _values[row] = double.NaN;
        return missing.Contains(inner) ? CellResult.Good : CellResult.NotANumber;
    }

    private CellResult Set(int row, double value)
    {
        _values[row] = missing.Contains(value) ? double.NaN : value;
        return double.IsFinite(value) ? CellResult.Good : CellResult.TooLarge;
    }
}

/// <summary>Text, stored as the distinct values and the index of each row's value.</summary>
internal sealed class TextCells : Cells
{
    private readonly MissingMarks _missing;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private int[] _codes = [];
    private char[] _buffer = [];

    public TextCells(MissingMarks missing)
    {
        _missing = missing;
        _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public ReadOnlySpan<int> Codes => _codes;

    /// <summary>The distinct values of this block, in the order of their first row.</summary>
    public List<string> Distinct { get; } = [];

    public override void Resize(int rows) => Array.Resize(ref _codes, rows);

    public override void Clear()
    {
        _numbers.Clear();
        Distinct.Clear();
    }

    public override CellResult Set(int row, ReadOnlySpan<char> cell)
    {
        if (!Quotes.TryRemove(cell, ref _buffer, out ReadOnlySpan<char> value)) return CellResult.BadQuotes;
        _codes[row] = _missing.Contains(value) ? -1 : Code(value);
        return CellResult.Good;
    }

    private int Code(ReadOnlySpan<char> value)
    {
        ref int code = ref CollectionsMarshal.GetValueRefOrAddDefault(_lookup, value, out bool exists);
        if (exists) return code;
        code = Distinct.Count;
        Distinct.Add(value.ToString());
        return code;
    }
}
