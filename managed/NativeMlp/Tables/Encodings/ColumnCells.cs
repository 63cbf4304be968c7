// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables.Encodings;

/// <summary>What the cells of a table's column say to a reader; a text is read once, however many rows have it.</summary>
internal abstract class ColumnCells
{
    /// <summary>What the cell of a row says.</summary>
    public abstract double this[int row] { get; }

    /// <summary>Prepares to read the cells of a column.</summary>
    public static ColumnCells Of(TableColumn column, ICellReader reader, MissingValues missing) => column switch
    {
        TextColumn text => new OfText(text, [.. text.Distinct.Select(value => missing.Read(reader, value))]),
        NumberColumn numbers when reader is CategoryEncoding => OfNumberNames(numbers, reader, missing),
        _ => new OfNumbers((NumberColumn)column, reader, missing),
    };

    /// <summary>What the cells of some rows say.</summary>
    public double[] Take(ReadOnlySpan<int> rows)
    {
        double[] cells = new double[rows.Length];
        for (int i = 0; i < cells.Length; i++) cells[i] = this[rows[i]];
        return cells;
    }

    // The name of a number is a text that need not be made for each row.
    private static OfNames OfNumberNames(NumberColumn column, ICellReader reader, MissingValues missing)
    {
        var cells = new Dictionary<double, double>();
        foreach (double value in column.Values)
        {
            if (!cells.ContainsKey(value)) cells.Add(value, missing.Read(reader, value));
        }

        return new OfNames(column, cells);
    }

    private sealed class OfText(TextColumn column, double[] cells) : ColumnCells
    {
        public override double this[int row] => column.Codes[row] is int code and >= 0 ? cells[code] : Cell.Missing;
    }

    private sealed class OfNumbers(NumberColumn column, ICellReader reader, MissingValues missing) : ColumnCells
    {
        public override double this[int row] => missing.Read(reader, column.Values[row]);
    }

    private sealed class OfNames(NumberColumn column, Dictionary<double, double> cells) : ColumnCells
    {
        public override double this[int row] => cells[column.Values[row]];
    }
}
