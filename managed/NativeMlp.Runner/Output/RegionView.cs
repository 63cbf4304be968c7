// SPDX-License-Identifier: MIT
using System.Text;
using NativeMlp.Data;
using Spectre.Console;

namespace NativeMlp.Runner.Output;

/// <summary>
/// Draws the predictions of networks over the plane, side by side, with test points. A character is two
/// colour pixels on a terminal with colours, otherwise a shade or a letter.
/// </summary>
internal sealed class RegionView(Terminal terminal)
{
    private const int Columns = 38;
    private const int Rows = 18;
    private const int Gap = 2;
    private const double Margin = 1.05;
    private const int NoPoint = -1;

    // Dark for the region, bright for the points of the same class. Colour-blind readers can distinguish them.
    private static readonly string[] RegionColors = ["#1d3d66", "#7a4310", "#3d3d3d"];
    private static readonly string[] PointColors = ["#6ec1ff", "#ffb454", "#f2f2f2"];
    private const string Shades = " ░▒";
    private const string Letters = "ox+";

    /// <summary>Draws the two-dimensional data set <paramref name="test"/> of at most three classes.</summary>
    public void Draw(Dataset test, params IReadOnlyList<(string Title, Mlp Mlp)> panels)
    {
        int pixelRows = terminal.HasColor ? 2 * Rows : Rows; // a half block is two pixels
        Plane plane = new(test, Columns, pixelRows);
        int[] points = plane.Points(test, terminal.HasColor ? 400 : 160);
        List<int[]> answers = [.. panels.Select(p => plane.Answers(p.Mlp))];

        int beside = Terminal.TextWidth < (2 * Columns) + Gap ? 1 : panels.Count; // one below the other on a narrow terminal
        foreach (int[] group in Enumerable.Range(0, panels.Count).Chunk(beside))
        {
            terminal.Ansi.MarkupLine("[bold]" + string.Concat(group.Select(i => panels[i].Title.PadRight(Columns + Gap))).TrimEnd() + "[/]");
            for (int row = 0; row < Rows; row++)
            {
                IEnumerable<string> parts = group.Select(i => terminal.HasColor ? ColorLine(answers[i], points, row) : PlainLine(answers[i], points, row));
                terminal.Ansi.MarkupLine(string.Join(new string(' ', Gap), parts));
            }
        }
        terminal.Ansi.MarkupLine(Legend(test.Classes));
    }

    private string Legend(int classes)
    {
        IEnumerable<string> entries = Enumerable.Range(0, classes).Select(c => terminal.HasColor
            ? $"[{PointColors[c]} on {RegionColors[c]}] ■ [/] class {c}"
            : $"{Letters[c]} '{Shades[c]}' class {c}");
        return string.Join("   ", entries) + (terminal.HasColor
            ? "   (bright: point; dark: prediction)"
            : "   (letter: point; shade: prediction)");
    }

    private static string PlainLine(int[] answers, int[] points, int row)
    {
        StringBuilder line = new(Columns);
        for (int i = row * Columns; i < (row + 1) * Columns; i++)
            line.Append(points[i] == NoPoint ? Shades[answers[i]] : Letters[points[i]]);
        return line.ToString();
    }

    private static string ColorLine(int[] answers, int[] points, int row)
    {
        StringBuilder line = new();
        for (int i = 2 * row * Columns; i < (2 * row + 1) * Columns; i++)
            line.Append('[').Append(Color(i)).Append(" on ").Append(Color(i + Columns)).Append("]▀[/]");
        return line.ToString();

        string Color(int i) => points[i] == NoPoint ? RegionColors[answers[i]] : PointColors[points[i]];
    }

    /// <summary>The bounding square of the data, divided into pixels. The first row is the top row.</summary>
    private sealed class Plane
    {
        private readonly int _columns;
        private readonly int _rows;
        private readonly double _centerX;
        private readonly double _centerY;
        private readonly double _half;

        public Plane(Dataset data, int columns, int rows)
        {
            (_columns, _rows) = (columns, rows);
            (double minX, double maxX) = Range(data, 0);
            (double minY, double maxY) = Range(data, 1);
            (_centerX, _centerY) = ((minX + maxX) / 2, (minY + maxY) / 2);
            _half = Math.Max(maxX - minX, maxY - minY) / 2 * Margin;
        }

        /// <summary>Returns the predicted class at the centre of each pixel.</summary>
        public int[] Answers(Mlp mlp)
        {
            float[] centers = new float[2 * _columns * _rows];
            for (int i = 0; i < _columns * _rows; i++)
            {
                centers[2 * i] = (float)(_centerX + _half * ((2 * (i % _columns) + 1.0) / _columns - 1));
                centers[2 * i + 1] = (float)(_centerY - _half * ((2 * (i / _columns) + 1.0) / _rows - 1));
            }
            int[] classes = new int[_columns * _rows];
            mlp.PredictClasses(Batch.FromRows(centers, classes.Length), classes);
            return classes;
        }

        /// <summary>Returns the class of the point in each pixel, for <paramref name="count"/> points from the whole data set.</summary>
        public int[] Points(Dataset data, int count)
        {
            int[] pixels = new int[_columns * _rows];
            Array.Fill(pixels, NoPoint);
            for (int i = 0; i < Math.Min(count, data.Count); i++)
            {
                int row = (int)((long)i * data.Count / Math.Min(count, data.Count));
                int x = (int)(((data.Values[2 * row] - _centerX) / _half + 1) / 2 * _columns);
                int y = (int)((1 - (data.Values[2 * row + 1] - _centerY) / _half) / 2 * _rows);
                pixels[Math.Clamp(y, 0, _rows - 1) * _columns + Math.Clamp(x, 0, _columns - 1)] = data.Labels[row];
            }
            return pixels;
        }

        private static (double Least, double Most) Range(Dataset data, int column)
        {
            double least = double.MaxValue, most = double.MinValue;
            for (int i = column; i < data.Values.Length; i += 2)
                (least, most) = (Math.Min(least, data.Values[i]), Math.Max(most, data.Values[i]));
            return (least, most);
        }
    }
}
