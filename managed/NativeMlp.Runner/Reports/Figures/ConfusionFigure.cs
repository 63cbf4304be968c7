// SPDX-License-Identifier: MIT
using System.Xml.Linq;
using NativeMlp.Metrics;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Records;

namespace NativeMlp.Runner.Reports.Figures;

/// <summary>The confusion matrix, with true classes as rows and predictions as columns. A darker cell has a larger share of its row.</summary>
internal static class ConfusionFigure
{
    /// <summary>The largest number of classes that fits.</summary>
    public const int MostClasses = 30;

    private const int MostNumbered = 12;
    private const int LongestName = 12;
    private const double LetterWidth = 6.8;
    private const double Top = 22;
    private const double Dark = 0.55;
    private const double Slant = 0.75;

    public static Figure? Of(TestRecord test)
    {
        if (!test.HasClasses || test.Width > MostClasses)
            return null;
        ConfusionMatrix matrix = Count(test);
        string[] names = [.. test.Names.Select(name => Printable.Text(name, LongestName))];
        double longest = names.Max(name => name.Length) * LetterWidth, left = Math.Max(longest, 30) + 14;
        double size = Math.Min((Chart.Width - left - 4) / test.Width, 110);
        XElement svg = Chart.Canvas("Confusion matrix");
        svg.Add(Svg.Label("true", "end soft", left - 8, 14), Svg.Label("predicted", "soft", left, 14));
        for (int actual = 0; actual < test.Width; actual++)
            DrawRow(svg, matrix, actual, names[actual], left, size);
        double bottom = Top + (test.Width * size);
        for (int answer = 0; answer < test.Width; answer++)
            svg.Add(Across(names[answer], left + ((answer + 0.5) * size), bottom + 14, longest <= size));
        double namesHeight = longest <= size ? 24 : (longest * Slant) + 16;
        return new Figure("confusion", "Confusion matrix", $"Rows are true classes, columns are predicted classes. The stronger the colour of a cell, the larger its share of its row.{Unclassified(matrix)}",
            Chart.Sized(svg, Chart.Width, bottom + namesHeight));
    }

    public static ConfusionMatrix Count(TestRecord test)
    {
        ConfusionMatrix matrix = new(test.Width);
        for (int row = 0; row < test.Rows; row++)
            matrix.Add(test.Classes[row], test.Answers[row]);
        return matrix;
    }

    private static void DrawRow(XElement svg, ConfusionMatrix matrix, int actual, string name, double left, double size)
    {
        double y = Top + (actual * size), total = Enumerable.Range(0, matrix.Classes).Sum(answer => matrix[actual, answer]);
        svg.Add(Svg.Label(name, "end", left - 8, y + (size / 2) + 4));
        for (int answer = 0; answer < matrix.Classes; answer++)
        {
            int count = matrix[actual, answer];
            double share = total > 0 ? count / total : 0, x = left + (answer * size);
            svg.Add(Svg.Element("rect", ("class", "frame"), ("x", x), ("y", y), ("width", size), ("height", size)));
            if (count == 0)
                continue;
            svg.Add(Svg.Element("rect", ("class", "cell"), ("fill-opacity", Math.Max(share, 0.04)), ("x", x + 0.5), ("y", y + 0.5), ("width", size - 1), ("height", size - 1)));
            if (matrix.Classes <= MostNumbered)
                svg.Add(Svg.Label(Format.Count(count), share > Dark ? "middle inverse" : "middle", x + (size / 2), y + (size / 2) + 4));
        }
    }

    private static XElement Across(string name, double x, double y, bool fits)
    {
        if (fits)
            return Svg.Label(name, "middle", x, y);
        XElement label = Svg.Label(name, "end", x + 4, y - 2);
        label.Add(new XAttribute("transform", FormattableString.Invariant($"rotate(-45 {x + 4:0.##} {y - 2:0.##})")));
        return label;
    }

    private static string Unclassified(ConfusionMatrix matrix) =>
        matrix.Unclassified == 0 ? "" : $" {Format.Count(matrix.Unclassified)} rows have no prediction, because a score is not finite.";
}
