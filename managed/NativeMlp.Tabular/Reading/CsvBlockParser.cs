// SPDX-License-Identifier: MIT
using nietras.SeparatedValues;

namespace NativeMlp.Tabular.Reading;

/// <summary>Parses blocks of records into columns, one block after the other. Each thread has its own parser.</summary>
internal sealed class CsvBlockParser
{
    private const int FirstRows = 1024;
    private const int ShownCell = 40;

    private readonly CsvLayout _layout;
    private readonly CellKind[] _wanted;
    private readonly CellKind[] _kinds;
    private readonly bool _skipsFaults;
    private readonly Cells[] _cells;
    private readonly NotANumber?[] _notNumbers;
    private readonly RowFault?[] _tooLarge;
    private readonly List<RowFault> _faults = [];
    private long[] _lines = [];
    private int _capacity;

    /// <summary>Creates a parser.</summary>
    /// <param name="layout">The format of the records.</param>
    /// <param name="kinds">How each column is read. It may change between two blocks from <see cref="CellKind.Auto"/> to
    /// <see cref="CellKind.Skip"/>.</param>
    /// <param name="skipsFaults">Whether an invalid record is left out and recorded; otherwise it ends the block.</param>
    public CsvBlockParser(CsvLayout layout, CellKind[] kinds, bool skipsFaults = false)
    {
        _layout = layout;
        _wanted = kinds;
        _kinds = [.. kinds];
        _skipsFaults = skipsFaults;
        _cells = [.. kinds.Select(Make)];
        _notNumbers = new NotANumber?[kinds.Length];
        _tooLarge = new RowFault?[kinds.Length];
    }

    /// <summary>The number of rows in the last block.</summary>
    public int Rows { get; private set; }

    /// <summary>The line on which the record of each row begins, from 1.</summary>
    public ReadOnlySpan<long> Lines => _lines.AsSpan(0, Rows);

    /// <summary>The records that are not valid rows.</summary>
    public IReadOnlyList<RowFault> Faults => _faults;

    /// <summary>The cells of a column.</summary>
    public Cells Column(int column) => _cells[column];

    /// <summary>For a column of <see cref="CellKind.Auto"/>: the first cell that is not a number, or null.</summary>
    public NotANumber? NotNumber(int column) => _notNumbers[column];

    /// <summary>The first number of a column that is too large, or null.</summary>
    public RowFault? TooLarge(int column) => _tooLarge[column];

    /// <summary>Parses a block.</summary>
    /// <exception cref="Data.DataFormatException">The block is not UTF-8, or a record is invalid and invalid records are not skipped.</exception>
    public void Parse(RecordBlock block)
    {
        Clear();
        try
        {
            using SepReader reader = CsvLayout.Open(new Utf8Text(block.Buffer.AsMemory(0, block.Length)), _layout.Delimiter);
            bool skipsFirst = block.Index == 0 && _layout.HasHeader;
            long line = block.FirstLine;
            foreach (SepReader.Row row in reader)
            {
                if (!CsvLayout.IsBlank(row))
                {
                    if (!skipsFirst) Add(row, line);
                    skipsFirst = false;
                }

                line = block.FirstLine - 1 + row.LineNumberToExcl; // the first row of a reader begins on a wrong line
            }
        }
        catch (InvalidDataException)
        {
            throw TextEncoding.Invalid(_layout.Name, block);
        }
    }

    private Cells Make(CellKind kind) => kind switch
    {
        CellKind.Skip => SkippedCells.Instance,
        CellKind.Text => new TextCells(_layout.Missing),
        _ => new NumberCells(_layout.Numbers, _layout.Missing),
    };

    // Other threads may decide to skip a column. This takes effect with the next block.
    private void Clear()
    {
        Rows = 0;
        _faults.Clear();
        for (int i = 0; i < _cells.Length; i++)
        {
            _kinds[i] = _wanted[i];
            if (_kinds[i] == CellKind.Skip) _cells[i] = SkippedCells.Instance;
            _cells[i].Clear();
            (_notNumbers[i], _tooLarge[i]) = (null, null);
        }
    }

    private void Add(SepReader.Row row, long line)
    {
        if (Rows == _capacity) Grow();
        RowFault? fault = row.ColCount == _cells.Length ? SetCells(row, line) : Ragged(row, line);
        if (fault is null) _lines[Rows++] = line;
        else if (_skipsFaults) _faults.Add(fault);
        else throw fault.ToException(_layout.Name);
    }

    private void Grow()
    {
        _capacity = Math.Max(FirstRows, 2 * _capacity);
        Array.Resize(ref _lines, _capacity);
        foreach (Cells cells in _cells) cells.Resize(_capacity);
    }

    private RowFault? SetCells(SepReader.Row row, long line)
    {
        Cells[] cells = _cells;
        for (int i = 0; i < cells.Length; i++)
        {
            ReadOnlySpan<char> cell = row[i].Span;
            CellResult result = cells[i].Set(Rows, cell);
            if (result != CellResult.Good && Fault(result, i, line, cell) is RowFault fault) return fault;
        }

        return null;
    }

    // The first cell that is not a number is kept, because it determines the type of the column.
    private RowFault? Fault(CellResult result, int column, long line, ReadOnlySpan<char> cell)
    {
        if (result == CellResult.BadQuotes)
            return Fault(line, column, cell, "quotation marks may only enclose a whole cell, or occur twice inside it");
        string problem = result == CellResult.TooLarge ? "the number is too large for a double" : "this is not a number";
        if (_kinds[column] != CellKind.Auto) return Fault(line, column, cell, problem);
        if (result == CellResult.TooLarge) _tooLarge[column] ??= Fault(line, column, cell, problem);
        else _notNumbers[column] ??= new NotANumber(line, cell.ToString());
        return null;
    }

    private RowFault Fault(long line, int column, ReadOnlySpan<char> cell, string problem) =>
        new(line, column + 1, $"{problem}: {Printable.Quoted(cell, ShownCell)} (column {_layout.Describe(column)}).");

    private RowFault Ragged(SepReader.Row row, long line)
    {
        int cells = row.ColCount, columns = _cells.Length;
        string expected = $"{(_layout.HasHeader ? "the header names" : "the first record has")} {columns}";
        return cells < columns
            ? new RowFault(line, cells + 1, $"the record ends after {cells} {(cells == 1 ? "cell" : "cells")}, but {expected}; column {_layout.Describe(cells)} is missing.")
            : new RowFault(line, columns + 1, $"the record has {cells} cells, but {expected}; a cell that contains a {Delimiters.Name(_layout.Delimiter)} must be enclosed in quotation marks.");
    }
}
