// SPDX-License-Identifier: MIT
using System.Diagnostics.CodeAnalysis;

namespace NativeMlp.Tables;

/// <summary>
/// A table in memory, stored by column. Every column has a unique name, and a value or a missing value for
/// each row.
/// </summary>
public sealed class Table
{
    private readonly Dictionary<string, TableColumn> _byName = new(StringComparer.Ordinal);

    /// <summary>Creates a table of <paramref name="columns"/>, without copying them.</summary>
    /// <exception cref="ArgumentException">Two columns have the same name, or their lengths differ.</exception>
    public Table(IReadOnlyList<TableColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        Columns = columns;
        RowCount = columns.Count == 0 ? 0 : columns[0].Count;
        foreach (TableColumn column in columns)
        {
            if (column.Count != RowCount)
            {
                throw new ArgumentException(
                    $"Column {Printable.Quoted(column.Name)} has {column.Count} rows, but {Printable.Quoted(columns[0].Name)} has {RowCount}; all columns of a table have the same length.", nameof(columns));
            }

            if (!_byName.TryAdd(column.Name, column))
                throw new ArgumentException($"Two columns have the name {Printable.Quoted(column.Name)}; each column needs a different name.", nameof(columns));
        }
    }

    /// <summary>The columns, in their order in the source.</summary>
    public IReadOnlyList<TableColumn> Columns { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount { get; }

    /// <summary>Finds the column named <paramref name="name"/>. Names are compared exactly.</summary>
    public bool TryGetColumn(string name, [NotNullWhen(true)] out TableColumn? column) => _byName.TryGetValue(name, out column);

    /// <summary>Copies some rows to a new table.</summary>
    /// <param name="rows">The rows, in order; repeats are allowed.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Table Take(ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            if ((uint)row >= (uint)RowCount) Throw.OutOfRange($"There is no row {row}; the table has {RowCount}, counted from 0.", nameof(rows));
        }

        int[] taken = rows.ToArray();
        return new Table([.. Columns.Select(column => column.Take(taken))]);
    }

    /// <summary>Finds columns by their names.</summary>
    /// <exception cref="ArgumentException">Some columns are missing. The message names all of them.</exception>
    internal TableColumn[] Find(IEnumerable<string> names)
    {
        var found = new List<TableColumn>();
        var missing = new List<string>();
        foreach (string name in names)
        {
            if (TryGetColumn(name, out TableColumn? column)) found.Add(column);
            else missing.Add(name);
        }

        if (missing.Count > 0) ColumnNames.ThrowMissing(missing, Columns.Select(column => column.Name));
        return [.. found];
    }
}
