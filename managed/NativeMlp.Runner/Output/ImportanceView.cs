// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;
using Spectre.Console;

namespace NativeMlp.Runner.Output;

/// <summary>Shows a bar for each column. Its length is the increase of the loss when the column is shuffled.</summary>
internal sealed class ImportanceView(Terminal terminal)
{
    private const int BarWidth = 36;
    private const int WidestName = 24;
    private const string Eighths = "▏▎▍▌▋▊▉";
    private const char Whole = '█';

    public void Draw(IReadOnlyList<ColumnImportance> columns)
    {
        double greatest = columns.Max(column => column.Mean);
        string[] names = [.. columns.Select(column => Printable.Text(column.Column, WidestName - 1))];
        int nameWidth = names.Max(name => name.Length);
        foreach ((string name, ColumnImportance column) in names.Zip(columns))
        {
            string bar = Bar(greatest > 0 ? column.Mean / greatest : 0).PadRight(BarWidth);
            terminal.Ansi.MarkupLine($"{Markup.Escape(name.PadRight(nameWidth))}  [green]{bar}[/]  {Format.Metric(column.Mean),7}{Interval(column)}");
        }
    }

    /// <summary>Returns a bar for a share of the full width, with a resolution of an eighth of a character.</summary>
    public static string Bar(double share)
    {
        int eighths = (int)Math.Round(Math.Clamp(share, 0, 1) * BarWidth * 8);
        string part = eighths % 8 == 0 ? "" : Eighths[(eighths % 8) - 1].ToString();
        return new string(Whole, eighths / 8) + part;
    }

    private static string Interval(ColumnImportance column) => column.HalfWidth is { } half ? $" ± {Format.Metric(half)}" : "";
}
