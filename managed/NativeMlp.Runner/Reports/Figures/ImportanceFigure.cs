// SPDX-License-Identifier: MIT
using System.Xml.Linq;
using NativeMlp.Metrics;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Records;

namespace NativeMlp.Runner.Reports.Figures;

/// <summary>Which columns a model of a table depends on.</summary>
internal static class ImportanceFigure
{
    private const int MostColumns = 20;
    private const int LongestName = 22;
    private const double RowHeight = 21;
    private const double Top = 6;
    private const double LetterWidth = 6.8;
    private const double NumberWidth = 64;

    public static Figure? Of(TestRecord test)
    {
        ColumnImportance[] columns = [.. test.Importance.Take(MostColumns)];
        if (columns.Length == 0)
            return null;
        string[] names = [.. columns.Select(column => Printable.Text(column.Column, LongestName))];
        double left = (names.Max(name => name.Length) * LetterWidth) + 12, width = Chart.Width - left - NumberWidth;
        double least = Math.Min(0, columns.Min(column => column.Mean - (column.HalfWidth ?? 0))), most = Math.Max(columns.Max(column => column.Mean + (column.HalfWidth ?? 0)), 1e-12);
        XElement svg = Chart.Canvas("Permutation importance of the columns");
        double zero = X(0);
        for (int i = 0; i < columns.Length; i++)
        {
            double y = Top + (i * RowHeight), mean = X(columns[i].Mean), middle = y + (RowHeight / 2) - 1;
            svg.Add(Svg.Label(names[i], "end", left - 8, middle + 4));
            svg.Add(Svg.Element("rect", ("class", "f0"), ("x", Math.Min(zero, mean)), ("y", y + 2), ("width", Math.Max(Math.Abs(mean - zero), 0.5)), ("height", RowHeight - 7)));
            if (columns[i].HalfWidth is { } half)
                svg.Add(Svg.Line("whisker", X(columns[i].Mean - half), middle, X(columns[i].Mean + half), middle));
            svg.Add(Svg.Label(Format.Metric(columns[i].Mean), "end soft", Chart.Width - 4, middle + 4));
        }

        double bottom = Top + (columns.Length * RowHeight);
        svg.Add(Svg.Line("grid", zero, Top - 4, zero, bottom));
        string more = test.Importance.Count > MostColumns ? FormattableString.Invariant($" The figure shows the first {MostColumns} of {test.Importance.Count} columns.") : "";
        return new Figure("importance", "Permutation importance", $"The increase of the loss on test rows when the values of a column are shuffled. The line shows the 95 % interval over {columns[0].Increases.Count} shuffles.{more}",
            Chart.Sized(svg, Chart.Width, bottom + 6));

        double X(double value) => left + ((value - least) / (most - least) * width);
    }
}
