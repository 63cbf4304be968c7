// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tables;
using NativeMlp.Tabular.Reading.NumPy;

namespace NativeMlp.Tabular.Reading;

/// <summary>A batch of rows of a table.</summary>
/// <param name="Table">The rows.</param>
/// <param name="Lines">The line on which the record of each row begins, from 1; for a file without lines, the number of the row.</param>
/// <param name="Faults">The records between them that could not be read, in order.</param>
public sealed record TableBatch(Table Table, ReadOnlyMemory<long> Lines, IReadOnlyList<RowFault> Faults);

/// <summary>
/// Reads a table of any length in batches of rows, in constant memory. Invalid records are left out and
/// reported. A column of <see cref="CellKind.Auto"/> is read as text, because its type would be known only at the end.
/// </summary>
public sealed class TableBatchReader : IDisposable
{
    private readonly Stream? _content;
    private readonly RecordBlocks? _blocks;
    private readonly CsvLayout? _layout;
    private readonly CsvBlockParser? _parser;
    private readonly CellKind[] _kinds = [];
    private readonly RecordBlock _block = new();
    private TableBatch? _whole;
    private bool _hasFirst;

    private TableBatchReader(TableFile file)
    {
        Columns = [.. file.Table.Columns.Select(column => column.Name)];
        Format = file.Format;
        _whole = new TableBatch(file.Table, Enumerable.Range(1, file.Table.RowCount).Select(row => (long)row).ToArray(), []);
    }

    private TableBatchReader(Stream content, string name, TableReaderOptions options, bool waits)
    {
        _content = content;
        _blocks = new RecordBlocks(name, content, options.Comment, waits);
        if (!_blocks.Next(_block)) throw new DataFormatException(name, "the file is empty.");
        _hasFirst = true;
        _layout = CsvSniffer.Find(name, _block, options);
        _kinds = [.. ColumnKinds.Find(name, _layout.Columns, options).Select(kind => kind == CellKind.Auto ? CellKind.Text : kind)];
        _parser = new CsvBlockParser(_layout, _kinds, skipsFaults: true);
        Columns = _layout.Columns;
        Format = _layout.Format;
    }

    /// <summary>The names of all columns of the file, including those that are not read.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The format of the file.</summary>
    public TableFormat Format { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">The file is empty or not a table, or a column in the options is missing.</exception>
    public static TableBatchReader Open(string path, TableReaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        if (Directory.Exists(path)) throw new DataFormatException(path, "this is a folder; give the file with the table.");
        if (NumPyTables.IsNumPy(path)) return new TableBatchReader(TableReader.Read(path, options));
        return Owning(DataFile.Open(path, TableSource.Limits(options), out PlainContent file), path, options, waits: file.FileLength > 0);
    }

    /// <summary>Opens a stream of text, plain or gzip, such as standard input. A batch contains the rows that are available.</summary>
    /// <exception cref="DataFormatException">As for a file.</exception>
    public static TableBatchReader Open(Stream stream, string name, TableReaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(options);
        return Owning(DataFile.Open(stream, name, TableSource.Limits(options), out _), name, options, waits: false);
    }

    /// <summary>Returns the next rows; null if there are no more.</summary>
    /// <exception cref="DataFormatException">The rest cannot be split into records.</exception>
    public TableBatch? Next()
    {
        if (_blocks is null) return Interlocked.Exchange(ref _whole, null);
        if (!_hasFirst && !_blocks.Next(_block)) return null;
        _hasFirst = false;
        _parser!.Parse(_block);
        List<TableColumn> columns = [];
        for (int i = 0; i < _kinds.Length; i++)
        {
            ColumnBuilder? builder = ColumnBuilder.For(_kinds[i], _parser.Rows);
            builder?.Append(_parser.Column(i), _parser.Rows);
            if (builder is not null) columns.Add(builder.Build(_layout!.Columns[i]));
        }

        return new TableBatch(new Table(columns), _parser.Lines.ToArray(), [.. _parser.Faults]);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _content?.Dispose();

    private static TableBatchReader Owning(Stream content, string name, TableReaderOptions options, bool waits)
    {
        try
        {
            return new TableBatchReader(content, name, options, waits);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }
}
