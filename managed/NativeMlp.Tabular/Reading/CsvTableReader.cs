// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Reading;

/// <summary>Reads a table from delimited text.</summary>
internal sealed class CsvTableReader(TableSource source, TableReaderOptions options, CancellationToken cancellation)
{
    // The number of rows is estimated from the first block.
    private const double RoomForError = 1.05;

    private readonly int _threads = options.Threads > 0 ? options.Threads : NativeLibraryInfo.DefaultThreads;

    /// <summary>Reads the table.</summary>
    /// <exception cref="DataFormatException">A record is invalid, or there is none.</exception>
    public TableFile Read()
    {
        using Stream content = source.Open(out PlainContent file);
        var blocks = new RecordBlocks(source.Name, content, options.Comment);
        var first = new RecordBlock();
        if (!blocks.Next(first)) throw new DataFormatException(source.Name, "the file is empty.");
        CsvLayout layout = CsvSniffer.Find(source.Name, first, options);
        CellKind[] kinds = ColumnKinds.Find(source.Name, layout.Columns, options);
        CsvBlockParser sample = ReadSample(layout, kinds, first);
        var pass = new Pass(layout, kinds, Expected(sample.Rows, file, blocks.HasEnded), rows => Report(rows, file));
        for (int i = 0; i < kinds.Length; i++) pass.NotNumbers[i] = sample.NotNumber(i);
        new BlockPass(blocks, () => new CsvBlockParser(layout, kinds), pass.Append).Run(first, _threads);
        if (pass.Rows == 0) throw new DataFormatException(source.Name, layout.HasHeader ? "there is a header but there are no rows." : "there are no rows.");
        return Result(layout, pass);
    }

    // The first block usually shows which columns are text. They are then read as text from the beginning.
    private static CsvBlockParser ReadSample(CsvLayout layout, CellKind[] kinds, RecordBlock first)
    {
        var sample = new CsvBlockParser(layout, kinds);
        sample.Parse(first);
        for (int i = 0; i < kinds.Length; i++)
        {
            if (sample.NotNumber(i) is not null) kinds[i] = CellKind.Text;
        }

        return sample;
    }

    private static long Expected(int rows, PlainContent file, bool isAll) =>
        isAll || file.FileLength == 0 ? rows : (long)(RoomForError * rows * file.FileLength / Math.Max(1, file.Consumed));

    private void Report(long rows, PlainContent file)
    {
        cancellation.ThrowIfCancellationRequested();
        options.Progress?.Report(new TableReaderProgress(rows, file.Consumed, file.FileLength));
    }

    private TableFile Result(CsvLayout layout, Pass pass)
    {
        ColumnBuilder?[] late = ReadLateText(layout, pass);
        List<TableColumn> columns = [];
        for (int i = 0; i < layout.Columns.Count; i++)
        {
            if ((late[i] ?? pass.Builders[i]) is not ColumnBuilder builder) continue;
            if (builder is NumberBuilder && pass.TooLarge[i] is RowFault fault) throw fault.ToException(source.Name);
            columns.Add(builder.Build(layout.Columns[i]));
        }

        var notNumbers = Enumerable.Range(0, layout.Columns.Count).Where(i => pass.NotNumbers[i] is not null)
            .ToDictionary(i => layout.Columns[i], i => pass.NotNumbers[i]!);
        return new TableFile(source.Name, new Table(columns), layout.Format, layout.Notes, notNumbers) { MissingMarks = layout.Missing.All };
    }

    // Columns that are found to be text after the first block are read again as text, from the beginning.
    private ColumnBuilder?[] ReadLateText(CsvLayout layout, Pass pass)
    {
        if (!pass.HasLateText) return new ColumnBuilder?[layout.Columns.Count];
        CellKind[] kinds = [.. pass.IsLateText.Select(isText => isText ? CellKind.Text : CellKind.Skip)];
        using Stream content = source.Open(out PlainContent file);
        var again = new Pass(layout, kinds, pass.Rows, rows => Report(rows, file));
        new BlockPass(new RecordBlocks(source.Name, content, options.Comment), () => new CsvBlockParser(layout, kinds), again.Append).Run(null, _threads);
        return again.Rows == pass.Rows ? again.Builders : throw new DataFormatException(source.Name, "the file changed while it was being read.");
    }

    // One reading of the file.
    private sealed class Pass(CsvLayout layout, CellKind[] kinds, long expectedRows, Action<long> report)
    {
        public ColumnBuilder?[] Builders { get; } = [.. kinds.Select(kind => ColumnBuilder.For(kind, expectedRows))];

        public NotANumber?[] NotNumbers { get; } = new NotANumber?[kinds.Length];

        public RowFault?[] TooLarge { get; } = new RowFault?[kinds.Length];

        public bool[] IsLateText { get; } = new bool[kinds.Length];

        public bool HasLateText => IsLateText.AsSpan().Contains(true);

        public long Rows { get; private set; }

        public void Append(CsvBlockParser block)
        {
            Rows += block.Rows;
            if (Rows > Array.MaxLength) throw new DataFormatException(layout.Name, $"there are more than {Array.MaxLength} rows, the maximum of one table.");
            for (int i = 0; i < Builders.Length; i++) Append(block, i);
            report(Rows);
        }

        private void Append(CsvBlockParser block, int column)
        {
            if (IsLateText[column]) return;
            TooLarge[column] ??= block.TooLarge(column);
            if (block.NotNumber(column) is NotANumber cell)
            {
                NotNumbers[column] ??= cell;
                (IsLateText[column], Builders[column], kinds[column]) = (true, null, CellKind.Skip);
            }

            Builders[column]?.Append(block.Column(column), block.Rows);
        }
    }
}
