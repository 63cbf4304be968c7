// SPDX-License-Identifier: MIT
using nietras.SeparatedValues;

namespace NativeMlp.Tabular.Reading;

/// <summary>The first records of a text, split by a delimiter.</summary>
internal sealed class CsvSample
{
    private const int MostRecords = 200;

    private CsvSample(char delimiter, List<string[]> records, List<bool[]> quoted, long firstLine) =>
        (Delimiter, Records, Quoted, FirstLine) = (delimiter, records, quoted, firstLine);

    public char Delimiter { get; }

    /// <summary>The cells, without quotation marks.</summary>
    public List<string[]> Records { get; }

    /// <summary>Which cells are enclosed in quotation marks.</summary>
    public List<bool[]> Quoted { get; }

    /// <summary>The line on which the first record begins.</summary>
    public long FirstLine { get; }

    /// <summary>The number of cells of the first record.</summary>
    public int Columns => Records[0].Length;

    /// <summary>Whether each record has the same number of cells as the first, and more than one.</summary>
    public bool IsRegular => Columns > 1 && Records.TrueForAll(record => record.Length == Columns);

    /// <summary>Splits the records at the beginning of <paramref name="block"/>.</summary>
    /// <returns>Null if there are none.</returns>
    public static CsvSample? Take(RecordBlock block, char delimiter)
    {
        List<string[]> records = [];
        List<bool[]> quoted = [];
        long firstLine = 0, line = 1;
        using SepReader reader = CsvLayout.Open(new Utf8Text(block.Buffer.AsMemory(0, block.Length)), delimiter);
        foreach (SepReader.Row row in reader)
        {
            if (records.Count == MostRecords) break;
            if (!CsvLayout.IsBlank(row))
            {
                if (records.Count == 0) firstLine = line;
                Add(row, records, quoted);
            }

            line = row.LineNumberToExcl; // that the first row begins on is wrong
        }

        return records.Count == 0 ? null : new CsvSample(delimiter, records, quoted, firstLine);
    }

    private static void Add(SepReader.Row row, List<string[]> records, List<bool[]> quoted)
    {
        string[] cells = new string[row.ColCount];
        bool[] marks = new bool[row.ColCount];
        char[] buffer = [];
        for (int i = 0; i < cells.Length; i++)
        {
            ReadOnlySpan<char> cell = row[i].Span;
            marks[i] = Quotes.TryRemove(cell, ref buffer, out ReadOnlySpan<char> value) && value.Length != cell.Length;
            cells[i] = (marks[i] ? value : cell).ToString();
        }

        records.Add(cells);
        quoted.Add(marks);
    }
}
