// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Reading;

/// <summary>Builds a column from its cells, block by block.</summary>
internal abstract class ColumnBuilder
{
    /// <summary>Appends the first <paramref name="rows"/> cells of a block.</summary>
    public abstract void Append(Cells cells, int rows);

    public abstract TableColumn Build(string name);

    /// <summary>Creates a builder for a column of about this number of rows; null for a column that is not read.</summary>
    public static ColumnBuilder? For(CellKind kind, long expectedRows) => kind switch
    {
        CellKind.Skip => null,
        CellKind.Text => new TextBuilder(expectedRows),
        _ => new NumberBuilder(expectedRows),
    };
}

internal sealed class NumberBuilder(long expectedRows) : ColumnBuilder
{
    private readonly GrowingColumn<double> _values = new(expectedRows);

    public override void Append(Cells cells, int rows) => _values.Append(((NumberCells)cells).Values[..rows]);

    public override TableColumn Build(string name) => new NumberColumn(name, _values.Take());
}

internal sealed class TextBuilder(long expectedRows) : ColumnBuilder
{
    private readonly GrowingColumn<int> _codes = new(expectedRows);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _distinct = [];

    public override void Append(Cells cells, int rows)
    {
        var text = (TextCells)cells;
        int[] numbers = [.. text.Distinct.Select(Number)];
        int[] codes = new int[rows];
        ReadOnlySpan<int> blockCodes = text.Codes;
        for (int row = 0; row < codes.Length; row++) codes[row] = blockCodes[row] < 0 ? -1 : numbers[blockCodes[row]];
        _codes.Append(codes);
    }

    public override TableColumn Build(string name) => new TextColumn(name, _distinct, _codes.Take());

    // Blocks come in order, and each lists its values in the order of their first row; so does the column.
    private int Number(string value)
    {
        if (_numbers.TryGetValue(value, out int number)) return number;
        number = _distinct.Count;
        _numbers.Add(value, number);
        _distinct.Add(value);
        return number;
    }
}
