// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Reading.NumPy;

/// <summary>The columns of an array while its elements come.</summary>
internal abstract class NpyColumns
{
    /// <summary>The bytes of an element.</summary>
    public abstract int ElementBytes { get; }

    /// <summary>Columns for elements of a type, still none of them.</summary>
    /// <exception cref="DataFormatException">Elements of this type are not read.</exception>
    public static NpyColumns Of(string type, NpyPlace place) => NpyText.Is(type)
        ? new NpyTextColumns(NpyText.Of(type, place), place) : new NpyNumberColumns(NpyElements.Of(type, place), place);

    /// <summary>Makes the columns, for so many rows as far as that is known, otherwise 0.</summary>
    public abstract void Open(int columns, long room);

    /// <summary>Appends elements to a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="firstRow">The row of the first element, from 0.</param>
    /// <param name="rows">How many there are.</param>
    /// <param name="bytes">Begins with the first element.</param>
    /// <param name="step">From one element to the next, in elements.</param>
    /// <exception cref="DataFormatException">An element cannot be read.</exception>
    public abstract void Append(int column, long firstRow, int rows, ReadOnlySpan<byte> bytes, int step);

    public abstract IReadOnlyList<TableColumn> Build(Func<int, string> name);
}

/// <summary>Columns of numbers.</summary>
internal sealed class NpyNumberColumns(NpyElements elements, NpyPlace place) : NpyColumns
{
    private GrowingColumn<double>[] _columns = [];
    private double[] _values = [];

    public override int ElementBytes => elements.Size;

    public override void Open(int columns, long room) => _columns = [.. Enumerable.Range(0, columns).Select(_ => new GrowingColumn<double>(room))];

    public override void Append(int column, long firstRow, int rows, ReadOnlySpan<byte> bytes, int step)
    {
        if (_values.Length < rows) _values = new double[rows];
        for (int row = 0; row < rows; row++)
        {
            double value = elements.Read(bytes[(row * step * elements.Size)..]);
            if (double.IsInfinity(value))
                throw place.Fault($"row {firstRow + row + 1}, column {column + 1}: the element is not a finite number that a double can hold exactly.");
            _values[row] = value;
        }

        _columns[column].Append(_values.AsSpan(0, rows));
    }

    public override IReadOnlyList<TableColumn> Build(Func<int, string> name) => [.. _columns.Select((column, i) => new NumberColumn(name(i), column.Take()))];
}

/// <summary>Columns of text.</summary>
internal sealed class NpyTextColumns(NpyText text, NpyPlace place) : NpyColumns
{
    private Column[] _columns = [];
    private readonly char[] _buffer = new char[text.MostChars];
    private int[] _codes = [];

    public override int ElementBytes => text.Size;

    public override void Open(int columns, long room) => _columns = [.. Enumerable.Range(0, columns).Select(_ => new Column(room))];

    public override void Append(int column, long firstRow, int rows, ReadOnlySpan<byte> bytes, int step)
    {
        if (_codes.Length < rows) _codes = new int[rows];
        for (int row = 0; row < rows; row++)
        {
            if (!text.TryRead(bytes.Slice(row * step * text.Size, text.Size), _buffer, out int length))
                throw place.Fault($"row {firstRow + row + 1}, column {column + 1}: the element is not valid {text.Encoding} text.");
            _codes[row] = _columns[column].Number(_buffer.AsSpan(0, length));
        }

        _columns[column].Codes.Append(_codes.AsSpan(0, rows));
    }

    public override IReadOnlyList<TableColumn> Build(Func<int, string> name) => [.. _columns.Select((column, i) => column.Build(name(i)))];

    private sealed class Column
    {
        private readonly List<string> _distinct = [];
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;

        public Column(long room)
        {
            Codes = new GrowingColumn<int>(room);
            _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        }

        public GrowingColumn<int> Codes { get; }

        public int Number(ReadOnlySpan<char> value)
        {
            if (_lookup.TryGetValue(value, out int number)) return number;
            _distinct.Add(value.ToString());
            return _numbers[_distinct[^1]] = _distinct.Count - 1;
        }

        public TextColumn Build(string name) => new(name, _distinct, Codes.Take());
    }
}
