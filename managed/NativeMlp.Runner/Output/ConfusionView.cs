// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using NativeMlp.Metrics;
using Spectre.Console;

namespace NativeMlp.Runner.Output;

/// <summary>Shows a confusion matrix: rows are true classes, columns are predicted classes. The last column is the share of correct
/// predictions.</summary>
internal sealed class ConfusionView(Terminal terminal)
{
    private const string Corner = "true class";
    private const int LeastCell = 5;

    public void Draw(ConfusionMatrix matrix, IReadOnlyList<string> names)
    {
        int nameWidth = names.Append(Corner).Max(n => n.Length);
        int cellWidth = Math.Max(LeastCell, Largest(matrix, names.Count).ToString(CultureInfo.InvariantCulture).Length + 1);
        StringBuilder header = new(Corner.PadRight(nameWidth));
        for (int column = 0; column < names.Count; column++)
            header.Append(column.ToString(CultureInfo.InvariantCulture).PadLeft(cellWidth));
        terminal.Ansi.MarkupLine($"[bold]{header}   right[/]");
        for (int row = 0; row < names.Count; row++)
            terminal.Ansi.MarkupLine(Line(matrix, names[row].PadRight(nameWidth), row, names.Count, cellWidth));
    }

    private static long Largest(ConfusionMatrix matrix, int classes) =>
        Enumerable.Range(0, classes * classes).Max(i => (long)matrix[i / classes, i % classes]);

    private static string Line(ConfusionMatrix matrix, string name, int row, int classes, int cellWidth)
    {
        StringBuilder line = new(Markup.Escape(name));
        long total = 0;
        for (int column = 0; column < classes; column++)
        {
            long count = matrix[row, column];
            total += count;
            string cell = count == 0 ? "·".PadLeft(cellWidth) : count.ToString(CultureInfo.InvariantCulture).PadLeft(cellWidth);
            line.Append(row == column ? $"[bold green]{cell}[/]" : count == 0 ? $"[dim]{cell}[/]" : cell);
        }
        string right = total == 0 ? "" : ((double)matrix[row, row] / total).ToString("0.000", CultureInfo.InvariantCulture);
        return line.Append(right.PadLeft(8)).ToString();
    }
}
