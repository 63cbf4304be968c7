// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using Spectre.Console;

namespace NativeMlp.Runner.Output;

/// <summary>Draws a curve over the steps of a training run with Braille characters, each of which has 2 × 4 dots.</summary>
internal sealed class LineChart(Terminal terminal)
{
    private const int Columns = 64;
    private const int Rows = 7;
    private const int DotColumns = 2 * Columns;
    private const int DotRows = 4 * Rows;
    private const int LabelWidth = 9;
    private const char NoDots = '\u2800';

    // The bit of a dot, by its row and column in the character.
    private static readonly int[,] Bits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    /// <summary>Draws at least one value. The axis shows the minimum and the maximum.</summary>
    public void Draw(IReadOnlyList<double> values)
    {
        double least = values.Min(), most = values.Max();
        int[,] characters = Plot(values, least, most);
        for (int row = 0; row < Rows; row++)
        {
            string label = row == 0 ? Format.Loss(most) : row == Rows - 1 ? Format.Loss(least) : "";
            terminal.Ansi.MarkupLine($"{label,LabelWidth} │[green]{Line(characters, row)}[/]");
        }
        string last = Format.Count(values.Count);
        terminal.WriteLine($"{"",LabelWidth} └{new string('─', Columns)}");
        terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",LabelWidth}  {"step 1".PadRight(Columns - last.Length)}{last}"));
    }

    // A column of dots extends from the minimum to the maximum of its values and shares one value with the next column, so the line has no gaps.
    private static int[,] Plot(IReadOnlyList<double> values, double least, double most)
    {
        int[,] characters = new int[Rows, Columns];
        for (int x = 0; x < DotColumns; x++)
        {
            int first = At(x, values.Count), last = Math.Max(first, At(x + 1, values.Count));
            int low = DotRows, high = -1;
            for (int i = first; i <= last; i++)
            {
                int y = (int)Math.Round((most - values[i]) / Math.Max(most - least, double.Epsilon) * (DotRows - 1));
                (low, high) = (Math.Min(low, y), Math.Max(high, y));
            }
            for (int y = low; y <= high; y++)
                characters[y / 4, x / 2] |= Bits[y % 4, x % 2];
        }
        return characters;
    }

    private static int At(int x, int count) => (int)((long)x * (count - 1) / DotColumns);

    private static string Line(int[,] characters, int row)
    {
        StringBuilder line = new(Columns);
        for (int column = 0; column < Columns; column++)
            line.Append((char)(NoDots + characters[row, column]));
        return line.ToString().TrimEnd(NoDots);
    }
}
