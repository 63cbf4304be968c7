// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;

namespace NativeMlp.Data;

/// <summary>A table of numbers with a name for each column.</summary>
/// <param name="Header">The columns' names; empty if the file has no header.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="Values">The numbers, row after row.</param>
public sealed record CsvTable(IReadOnlyList<string> Header, int Columns, ReadOnlyMemory<float> Values)
{
    /// <summary>Number of rows.</summary>
    public int Rows => Columns == 0 ? 0 : Values.Length / Columns;
}

/// <summary>
/// Reads tables of numbers: UTF-8, a header line, cells parted by commas, a point as decimal separator.
/// Spaces around a cell, exponents, either line ending and a byte order mark are accepted; anything that
/// would have to be guessed (empty cells, text, quotes, NaN, infinities) is refused with line and column.
/// </summary>
public static class CsvReader
{
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
        | NumberStyles.AllowExponent | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    // Where the caller does not say how many classes there are.
    private const int GreatestLabel = (1 << 24) - 1;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file, plain or gzip.</param>
    /// <param name="hasHeader">Whether the first line names the columns.</param>
    /// <returns>The table.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is empty, or a cell is not a finite number.</exception>
    public static CsvTable Read(string path, bool hasHeader = true) => Read(path, hasHeader, labels: null, classes: 0);

    // With labels, the last column's go there: read as integers, because a float would round them first.
    private static CsvTable Read(string path, bool hasHeader, List<int>? labels, int classes)
    {
        string text = Decode(path, DataFile.ReadAll(path));
        string[] header = [];
        int columns = 0;
        int line = 0;
        var values = new List<float>();
        foreach (ReadOnlySpan<char> content in text.AsSpan().EnumerateLines())
        {
            line++;
            if (content.IsWhiteSpace())
            {
                continue; // a blank line is no row
            }

            if (columns == 0)
            {
                columns = content.Count(',') + 1;
                if (hasHeader)
                {
                    header = Header(path, content, line);
                    continue;
                }
            }

            AddRow(path, content, line, columns, values);
            labels?.Add(Label(path, content[(content.LastIndexOf(',') + 1)..], line, columns - 1, classes));
        }

        if (values.Count == 0)
        {
            throw new DataFormatException(path, columns == 0 ? "the file is empty." : "there is a header but no row.");
        }

        return new CsvTable(header, columns, values.ToArray());
    }

    /// <summary>Reads a data set: the last column is the class, an integer from 0; the others are features.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="path">The file.</param>
    /// <param name="classes">Number of classes; 0 for one more than the greatest label.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is damaged, or a label is no class.</exception>
    public static Dataset ReadDataset(string name, string path, int classes = 0)
    {
        var labels = new List<int>();
        CsvTable table = Read(path, hasHeader: true, labels, classes);
        if (table.Columns < 2)
        {
            throw new DataFormatException(path, "a data set needs at least one feature and a label; there is one column.");
        }

        int features = table.Columns - 1;
        ReadOnlySpan<float> values = table.Values.Span;
        var x = new float[table.Rows * features];
        for (int i = 0; i < table.Rows; i++)
        {
            values.Slice(i * table.Columns, features).CopyTo(x.AsSpan(i * features));
        }

        return Dataset.FromFloats(name, x, features, labels.ToArray(), classes > 0 ? classes : labels.Max() + 1);
    }

    private static string Decode(string path, byte[] content)
    {
        if (content is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
        {
            throw new DataFormatException(path, "the file is UTF-16; UTF-8 is read.");
        }

        ReadOnlySpan<byte> bytes = content is [0xef, 0xbb, 0xbf, ..] ? content.AsSpan(3) : content;
        int zero = bytes.IndexOf((byte)0);
        if (zero >= 0)
        {
            throw new DataFormatException(path, $"byte {zero} is 0, so this is no UTF-8 text.");
        }

        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new DataFormatException(path, $"byte {e.Index} is not UTF-8.", e);
        }
    }

    private static string[] Header(string path, ReadOnlySpan<char> content, int line)
    {
        string[] names = content.ToString().Split(',', StringSplitOptions.TrimEntries);
        for (int column = 0; column < names.Length; column++)
        {
            if (names[column].Contains('"', StringComparison.Ordinal))
            {
                throw Bad(path, line, column, names[column], "quotes are not read");
            }
        }

        if (names.All(name => float.TryParse(name, Number, CultureInfo.InvariantCulture, out _)))
        {
            throw new DataFormatException(path, $"line {line} should name the columns, but all its cells are numbers.");
        }

        return names;
    }

    private static void AddRow(string path, ReadOnlySpan<char> content, int line, int columns, List<float> values)
    {
        int column = 0;
        foreach (Range range in content.Split(','))
        {
            ReadOnlySpan<char> cell = content[range];
            if (column >= columns)
            {
                break;
            }

            if (cell.IsWhiteSpace())
            {
                throw Bad(path, line, column, "", "the cell is empty");
            }

            if (!float.TryParse(cell, Number, CultureInfo.InvariantCulture, out float value))
            {
                throw Bad(path, line, column, cell, "this is no number");
            }

            values.Add(float.IsFinite(value) ? value : throw Bad(path, line, column, cell, "only finite numbers are read"));
            column++;
        }

        int cells = content.Count(',') + 1;
        if (cells != columns)
        {
            throw new DataFormatException(path, $"line {line} has {cells} cells; the lines before have {columns}.");
        }
    }

    private static int Label(string path, ReadOnlySpan<char> cell, int line, int column, int classes)
    {
        int greatest = classes > 0 ? classes - 1 : GreatestLabel;
        return int.TryParse(cell, Number, CultureInfo.InvariantCulture, out int label) && label >= 0 && label <= greatest
            ? label
            : throw Bad(path, line, column, cell, $"the label must be an integer from 0 to {greatest}");
    }

    private static DataFormatException Bad(string path, int line, int column, ReadOnlySpan<char> cell, string problem)
    {
        string shown = cell.Length > 40 ? $"{cell[..40]}…" : cell.ToString();
        return new DataFormatException(path, $"line {line}, column {column + 1}: {problem}{(shown.Length > 0 ? $": '{shown.Trim()}'" : "")}.");
    }
}
