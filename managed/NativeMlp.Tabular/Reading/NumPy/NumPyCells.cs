// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Reading.NumPy;

/// <summary>Understands the columns of NumPy's files as those of a text file are: marks stand for missing values, and texts that
/// are numbers without an exception are numbers, as in an array that NumPy has made of numbers and texts.</summary>
internal sealed class NumPyCells
{
    private readonly string _file;
    private readonly NumberSyntax _syntax;
    private readonly MissingMarks _marks;

    public NumPyCells(string file, TableReaderOptions options)
    {
        _file = file;
        _syntax = new NumberSyntax(options.DecimalSeparator ?? '.', options.ThousandsSeparator, options.AllowUnits);
        _marks = new MissingMarks(options.Missing, _syntax);
    }

    /// <summary>The texts that stand for a missing value.</summary>
    public IReadOnlyList<string> MissingMarks => _marks.All;

    /// <exception cref="DataFormatException">A text that must be a number is not.</exception>
    public TableColumn Understand(TableColumn column, CellKind kind)
    {
        if (column is NumberColumn numbers) return _marks.HasNumbers ? WithoutMarks(numbers) : numbers;
        var text = (TextColumn)column;
        double[] values = [.. text.Distinct.Select(ValueOf)];
        int[] other = [.. Enumerable.Range(0, values.Length).Where(code => double.IsInfinity(values[code]))];
        if (kind == CellKind.Number && other.Length > 0) throw NoNumber(text, other[0]);
        return kind == CellKind.Text || other.Length > 0 ? WithoutMarks(text)
            : new NumberColumn(text.Name, Array.ConvertAll(text.Codes.ToArray(), code => values[code]));
    }

    // NaN for a missing value, an infinity for a text that is not a number.
    private double ValueOf(string text) => _marks.Contains(text) ? double.NaN
        : !_syntax.TryParse(text, out double value) ? double.PositiveInfinity
        : _marks.Contains(value) ? double.NaN : value;

    private NumberColumn WithoutMarks(NumberColumn column) =>
        new(column.Name, Array.ConvertAll(column.Values.ToArray(), value => _marks.Contains(value) ? double.NaN : value));

    private TextColumn WithoutMarks(TextColumn column)
    {
        bool[] missing = [.. column.Distinct.Select(text => _marks.Contains(text))];
        return Array.TrueForAll(missing, isMissing => !isMissing) ? column
            : TextColumn.FromValues(column.Name, Enumerable.Range(0, column.Count).Select(row => missing[column.Codes[row]] ? null : column[row]));
    }

    private DataFormatException NoNumber(TextColumn column, int code) => new(_file,
        $"row {column.Codes.IndexOf(code) + 1}, column {Printable.Quoted(column.Name, 60)}: {Printable.Quoted(column.Distinct[code], 40)} is not a number.");
}
