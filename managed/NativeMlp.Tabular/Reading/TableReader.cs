// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tabular.Reading.NumPy;

namespace NativeMlp.Tabular.Reading;

/// <summary>
/// Reads tables from files: delimited text (RFC 4180) in UTF-8, plain or gzip, and NumPy's .npy and .npz. The kind of a file
/// is determined by its first bytes, not by its name.
/// </summary>
public static class TableReader
{
    /// <summary>Reads a table from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The options; null to detect everything.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">The file is not a table, or a record is invalid. The message names the file,
    /// the line and the column, what was found and what was expected.</exception>
    public static TableFile Read(string path, TableReaderOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new TableReaderOptions();
        return Read(TableSource.FromFile(path, options), options, cancellation);
    }

    /// <summary>Reads a table from a stream, such as the standard input. Its bytes are kept in memory until the table is read.</summary>
    /// <param name="stream">The stream, which is read to its end and disposed of.</param>
    /// <param name="name">The name in messages.</param>
    /// <param name="options">The options; null to detect everything.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="DataFormatException">As for a file.</exception>
    public static TableFile Read(Stream stream, string name, TableReaderOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        options ??= new TableReaderOptions();
        using (stream) return Read(TableSource.FromStream(stream, name, options), options, cancellation);
    }

    private static TableFile Read(TableSource source, TableReaderOptions options, CancellationToken cancellation) => Kind(source) switch
    {
        TableFileKind.Npy => NumPyTables.ReadNpy(source, options),
        TableFileKind.Npz => NumPyTables.ReadNpz(source, options),
        _ => new CsvTableReader(source, options, cancellation).Read(),
    };

    private static TableFileKind? Kind(TableSource source)
    {
        using Stream content = source.Open(out _);
        return NumPyTables.KindOf(content);
    }
}
