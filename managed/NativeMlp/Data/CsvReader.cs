// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;

namespace NativeMlp.Data;

/// <summary>A table of numbers with named columns.</summary>
/// <param name="Header">The names of the columns; empty if the file has no header.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="Values">The numbers, row after row.</param>
public sealed record CsvTable(IReadOnlyList<string> Header, int Columns, ReadOnlyMemory<float> Values)
{
    /// <summary>Number of rows.</summary>
    public int Rows => Columns == 0 ? 0 : Values.Length / Columns;

    private bool PrintMembers(StringBuilder builder) =>
        new MemberText(builder).AddList(Header).Add(Columns).Add(Rows).AddList(Values).Any;
}

/// <summary>
/// Reads tables of numbers: UTF-8, a header line, cells separated by commas, a point as decimal separator.
/// Spaces around a cell, exponents, all line endings and a byte order mark are accepted. Anything ambiguous
/// (columns without a name, empty cells, text, quotes, NaN, infinities) is refused, with line and column. The file is
/// read line by line, so only the numbers need to fit in memory.
/// </summary>
public static class CsvReader
{
    private const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
        | NumberStyles.AllowExponent | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    // Used if the caller does not specify the number of classes.
    private const int GreatestLabel = (1 << 24) - 1;

    // With so few classes, a class without rows is not suspicious, because the table may be short.
    private const int FewClasses = 20;

    private const int ShownCell = 40;

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file, plain or gzip.</param>
    /// <param name="hasHeader">Whether the first line names the columns. Names may be numbers that count up,
    /// such as 0,1,2; a first line of other numbers is refused, because it looks like a row.</param>
    /// <returns>The table.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">The file is empty, or a cell is not a finite number.</exception>
    public static CsvTable Read(string path, bool hasHeader = true)
    {
        (string[] header, int columns, float[] values) = ReadRows(path, hasHeader, labels: null, classes: 0, out _);
        return new CsvTable(header, columns, values);
    }

    /// <summary>Reads a data set: the last column is the class, an integer from 0; the others are features.</summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="path">The file, plain or gzip.</param>
    /// <param name="classes">The number of classes; 0 for the greatest label plus one.</param>
    /// <param name="hasHeader">Whether the first line names the columns, as in <see cref="Read"/>.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">The file is damaged, a label is not a class, or <paramref name="classes"/> is 0 and most
    /// classes below the greatest label have no row, for example if the last column is a year or a price.</exception>
    public static Dataset ReadDataset(string name, string path, int classes = 0, bool hasHeader = true)
    {
        var labels = new List<int>();
        (_, int columns, float[] features) = ReadRows(path, hasHeader, labels, classes, out ColumnWatch? watch);
        return Dataset.FromFloats(name, features, columns - 1, labels.ToArray(), classes > 0 ? classes : CountClasses(path, labels))
            .WithWarnings(watch?.Warnings(path) ?? []);
    }

    // Years and prices are also integers. As classes, they would result in a huge network that learns nothing.
    private static int CountClasses(string path, List<int> labels)
    {
        int classes = labels.Max() + 1, occurring = labels.Distinct().Count();
        return classes <= FewClasses || 2L * occurring >= classes
            ? classes
            : throw new DataFormatException(path, $"the last column should be the class, but only {occurring} of the classes 0 to {classes - 1} have a row "
                + $"(from {labels.Min()} to {classes - 1}): it looks like a quantity. If it is a class, number the classes from 0 without gaps or say how many there are.");
    }

    // With labels, the last column is read as integers, because a float would round them.
    private static (string[] Header, int Columns, float[] Values) ReadRows(
        string path, bool hasHeader, List<int>? labels, int classes, out ColumnWatch? watch)
    {
        watch = null;
        using Stream content = DataFile.Open(path);
        var lines = new LineReader(path, content);
        string[] header = [];
        int columns = 0;
        bool hasRows = false;
        var values = new FloatList();
        while (lines.Next(out ReadOnlySpan<byte> line))
        {
            if (IsBlank(line)) continue; // a blank line is not a row
            if (columns == 0)
            {
                columns = line.Count((byte)',') + 1;
                if (labels is not null && columns < 2)
                    throw new DataFormatException(path, "a data set needs at least one feature and a label; there is one column.");
                if (hasHeader) header = Header(path, line, lines.Line);
                if (labels is not null) watch = new ColumnWatch(header, columns - 1);
                if (hasHeader) continue;
            }

            hasRows = true;
            AddRow(new Row(path, lines.Line, columns), line, values, labels, classes, watch);
        }

        return hasRows ? (header, columns, values.Take())
            : throw new DataFormatException(path, columns == 0 ? "the file is empty." : "there is a header but there are no rows.");
    }

    private static string[] Header(string path, ReadOnlySpan<byte> line, int number)
    {
        string[] names = Encoding.UTF8.GetString(line).Split(',', StringSplitOptions.TrimEntries);
        for (int column = 0; column < names.Length; column++)
        {
            if (names[column].Contains('"', StringComparison.Ordinal))
                throw new Row(path, number, names.Length).Bad(column, names[column], "quotes are not read");
            if (names[column].Length == 0)
                throw new Row(path, number, names.Length).Bad(column, "", "it has no name; name it, or remove it if it only numbers the rows");
        }

        bool numbers = Array.TrueForAll(names, name => float.TryParse(name, Number, CultureInfo.InvariantCulture, out _));
        return !numbers || AreNames(names) ? names : throw new DataFormatException(
            path, $"line {number} should contain the column names, but its cells are numbers, as in a row; if there is no header, pass hasHeader: false.");
    }

    // Numbers are column names if they count up, such as 0,1,2 (written by table libraries for columns without names) or 2019,2020.
    private static bool AreNames(string[] names)
    {
        int[] counted = new int[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            bool isNext = int.TryParse(names[i], NumberStyles.None, CultureInfo.InvariantCulture, out counted[i]) && (i == 0 || counted[i] == counted[i - 1] + 1);
            if (!isNext) return false;
        }

        return true;
    }

    private static void AddRow(Row row, ReadOnlySpan<byte> line, FloatList values, List<int>? labels, int classes, ColumnWatch? watch)
    {
        int cells = line.Count((byte)',') + 1;
        if (cells != row.Columns)
            throw new DataFormatException(row.Path, $"line {row.Line} has {cells} cells; the lines before have {row.Columns}.");
        int features = labels is null ? cells : cells - 1;
        for (int column = 0; column < features; column++)
        {
            int length = line.IndexOf((byte)',');
            ReadOnlySpan<byte> cell = length < 0 ? line : line[..length];
            float value = Value(row, column, cell);
            values.Add(value);
            watch?.Add(column, cell, value);
            line = line[(length + 1)..];
        }

        labels?.Add(Label(row, line, classes));
        if (values.Count > Array.MaxLength)
            throw new DataFormatException(row.Path, $"line {row.Line}: there are more than {Array.MaxLength} numbers, the maximum of one table.");
    }

    private static float Value(Row row, int column, ReadOnlySpan<byte> cell)
    {
        if (!float.TryParse(cell, Number, CultureInfo.InvariantCulture, out float value))
            throw row.Bad(column, cell, IsBlank(cell) ? "the cell is empty" : "this is not a number");
        return float.IsFinite(value) ? value : throw row.Bad(column, cell, "only finite numbers are read");
    }

    private static int Label(Row row, ReadOnlySpan<byte> cell, int classes)
    {
        int greatest = classes > 0 ? classes - 1 : GreatestLabel;
        if (int.TryParse(cell, Number, CultureInfo.InvariantCulture, out int label) && label >= 0 && label <= greatest) return label;
        throw row.Bad(row.Columns - 1, cell, IsBlank(cell) ? "the cell is empty" : $"the label must be an integer from 0 to {greatest}");
    }

    private static bool IsBlank(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(" \t\v\f"u8) < 0;

    /// <summary>The position of a cell, for messages.</summary>
    private readonly record struct Row(string Path, int Line, int Columns)
    {
        public DataFormatException Bad(int column, ReadOnlySpan<byte> cell, string problem) =>
            Bad(column, Encoding.UTF8.GetString(cell[..Math.Min(cell.Length, 4 * (ShownCell + 1))]), problem);

        public DataFormatException Bad(int column, string cell, string problem)
        {
            string shown = cell.Trim();
            return new DataFormatException(Path, $"line {Line}, column {column + 1}: {problem}{(shown.Length > 0 ? $": {Printable.Quoted(shown, ShownCell)}" : "")}.");
        }
    }
}
