// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables.Encodings;

/// <summary>The values of the cells of a column, converted by a reader. Each distinct text is read only once.</summary>
internal abstract class ColumnCells
{
    /// <summary>Returns the value of the cell of a row.</summary>
    public abstract double this[int row] { get; }

    /// <summary>Creates a view of the cells of a column.</summary>
    public static ColumnCells Of(TableColumn column, ICellReader reader, MissingValues missing) => column switch
    {
        TextColumn text => new OfText(text, [.. text.Distinct.Select(value => missing.Read(reader, value))]),
        NumberColumn numbers when reader is CategoryEncoding => OfNumberNames(numbers, reader, missing),
        _ => new OfNumbers((NumberColumn)column, reader, missing),
    };

    /// <summary>Returns the values of the cells of some rows.</summary>
    public double[] Take(ReadOnlySpan<int> rows)
    {
        double[] cells = new double[rows.Length];
        for (int i = 0; i < cells.Length; i++) cells[i] = this[rows[i]];
        return cells;
    }

    // Avoids creating the name of a number for each row.
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
