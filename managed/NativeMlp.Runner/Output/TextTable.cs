// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp.Runner.Output;

/// <summary>Columns of text: the first one begins at the left, the others end at the right, as numbers do.</summary>
internal sealed class TextTable(params IReadOnlyList<string> header)
{
    private const int WidestName = 28;
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row. A name that is too long is cut off; what came from outside is escaped.</summary>
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
