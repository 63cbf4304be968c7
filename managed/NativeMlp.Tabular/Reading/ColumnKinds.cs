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

    /// <summary>The end of a sentence about a column that is not there: the name that may have been meant, and which there are.</summary>
    public static string Instead(string column, IReadOnlyList<string> columns) => Similar.Hint(column, columns) is { Length: > 0 } hint
        ? $"{hint} The columns are {List(columns)}." : $"; the columns are {List(columns)}.";

    /// <summary>The names of columns in one line; of many the first.</summary>
    public static string List(IReadOnlyList<string> columns)
    {
        string shown = string.Join(", ", columns.Take(MostShown).Select(column => Printable.Quoted(column, 40)));
        return columns.Count > MostShown ? $"{shown} and {columns.Count - MostShown} more" : shown;
    }
}
