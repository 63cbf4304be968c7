// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Reading.NumPy;

/// <summary>Tables in NumPy's files. The columns of a matrix <c>X</c> are called X0, X1, ...; a vector <c>y</c> is the column y.</summary>
internal static class NumPyTables
{
    private const string Unnamed = "x";

    /// <summary>Whether a file that can be read more than once is one of NumPy's.</summary>
    public static bool IsNumPy(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return file.CanSeek && KindOf(file) is not null;
    }

    /// <summary>The kind of NumPy's file whose contents begin so; null if it is none.</summary>
    public static TableFileKind? KindOf(Stream content)
    {
        Span<byte> beginning = stackalloc byte[6];
        return beginning[..content.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)] switch
        {
            [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'] => TableFileKind.Npy,
            [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => TableFileKind.Npz,
            _ => null,
        };
    }

    public static TableFile ReadNpy(TableSource source, TableReaderOptions options)
    {
        using Stream content = source.Open(out PlainContent file);
        long? length = ReferenceEquals(content, file) && file.FileLength > 0 ? file.FileLength : null;
        NpyArray array = NpyArray.Read(content, new NpyPlace(source.Name), Unnamed, length);
        return Result(source.Name, TableFileKind.Npy, array.Columns, options);
    }

    public static TableFile ReadNpz(TableSource source, TableReaderOptions options)
    {
        using Stream file = source.OpenRaw();
        IReadOnlyList<(string Name, NpyArray Array)> arrays = NpzArchive.Read(file, source.Name, options.MaxRatio);
        if (arrays.Count == 0) throw new DataFormatException(source.Name, "there is no array in it.");
        foreach ((string name, NpyArray array) in arrays)
        {
            if (array.Header.Rows != arrays[0].Array.Header.Rows)
            {
                throw new DataFormatException(source.Name, $"array {Printable.Quoted(name)} has {array.Header.Rows} rows, but {Printable.Quoted(arrays[0].Name)} has {arrays[0].Array.Header.Rows}; "
                    + "the arrays of a table have the same number of rows.");
            }
        }

        return Result(source.Name, TableFileKind.Npz, [.. arrays.SelectMany(array => array.Array.Columns)], options);
    }

    private static TableFile Result(string name, TableFileKind kind, IReadOnlyList<TableColumn> columns, TableReaderOptions options)
    {
        CellKind[] kinds = ColumnKinds.Find(name, [.. columns.Select(column => column.Name)], options);
        var cells = new NumPyCells(name, options);
        var table = new Table([.. columns.Zip(kinds).Where(pair => pair.Second != CellKind.Skip).Select(pair => cells.Understand(pair.First, pair.Second))]);
        return new TableFile(name, table, new TableFormat(kind), [], new Dictionary<string, NotANumber>()) { MissingMarks = cells.MissingMarks };
    }
}
