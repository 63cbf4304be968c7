// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp.Runner.Output;

/// <summary>A text table whose first column is left-aligned and whose other columns are right-aligned.</summary>
internal sealed class TextTable(params IReadOnlyList<string> header)
{
    private const int WidestName = 28;
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row. A name that is too long is truncated, and text from outside is escaped.</summary>
    public void Add(string name, params IReadOnlyList<string> cells) => _rows.Add([Printable.Text(name, WidestName - 1), .. cells]);

    public void Write(Terminal terminal)
    {
        int[] widths = [.. header.Select((title, column) => _rows.Select(row => row[column].Length).Append(title.Length).Max())];
        foreach (IReadOnlyList<string> row in (IEnumerable<IReadOnlyList<string>>)[header, .. _rows])
            terminal.WriteLine(Line(row, widths));
    }

    private static string Line(IReadOnlyList<string> row, int[] widths)
    {
        StringBuilder line = new(row[0].PadRight(widths[0]));
        for (int column = 1; column < widths.Length; column++)
            line.Append(Gap).Append(row[column].PadLeft(widths[column]));
        return line.ToString().TrimEnd();
    }
}
