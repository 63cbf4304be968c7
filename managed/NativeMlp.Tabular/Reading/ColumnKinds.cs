// SPDX-License-Identifier: MIT
using NativeMlp.Data;

namespace NativeMlp.Tabular.Reading;

/// <summary>How each column of a file is read.</summary>
internal static class ColumnKinds
{
    private const int MostShown = 20;

    /// <exception cref="DataFormatException">A column that the options name is not in the file.</exception>
    public static CellKind[] Find(string name, IReadOnlyList<string> columns, TableReaderOptions options)
    {
        var all = columns.ToHashSet(StringComparer.Ordinal);
        foreach (string column in options.Columns.Keys)
        {
            if (!all.Contains(column)) throw new DataFormatException(name, $"there is no column {Printable.Quoted(column)}{Instead(column, columns)}");
        }

        return [.. columns.Select(column => options.Columns.GetValueOrDefault(column, options.OtherColumns))];
    }

    /// <summary>Returns the end of a message about a missing column: a similar name, and the existing names.</summary>
    public static string Instead(string column, IReadOnlyList<string> columns) => Similar.Hint(column, columns) is { Length: > 0 } hint
        ? $"{hint} The columns are {List(columns)}." : $"; the columns are {List(columns)}.";

    /// <summary>Returns the names of columns in one line; if there are many, only the first ones.</summary>
    public static string List(IReadOnlyList<string> columns)
    {
        string shown = string.Join(", ", columns.Take(MostShown).Select(column => Printable.Quoted(column, 40)));
        return columns.Count > MostShown ? $"{shown} and {columns.Count - MostShown} more" : shown;
    }
}
