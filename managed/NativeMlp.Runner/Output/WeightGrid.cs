// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Output;

/// <summary>
/// The course's <c>visualize_grid</c>: what each hidden unit of a first layer looks for, as a small picture. The tiles fill a
/// rectangle from its top left, three black pixels between them, and each runs from 0 at its least weight to
/// 255 at its greatest. The rectangle is the squarest of those, at most three times as wide as high, that leave the fewest places empty.
/// </summary>
internal static class WeightGrid
{
    public const int Padding = 3;

    private const double White = 255;
    private const int MostOblong = 3;

    /// <param name="weights"><c>[side·side·3 × units]</c>; the colours of a pixel stand side by side in the inputs.</param>
    /// <param name="units">Columns, each of which becomes a tile.</param>
    /// <param name="side">Pixels of a tile's edge.</param>
    public static Picture Draw(ReadOnlySpan<float> weights, int units, int side)
    {
        int across = Columns(units);
        Picture grid = new(Edge(across, side), Edge(Rows(units, across), side));
        for (int unit = 0; unit < units; unit++)
            DrawTile(grid, weights, units, unit, side, unit % across * (side + Padding), unit / across * (side + Padding));
        return grid;
    }

    private static int Columns(int units)
    {
        int squarest = (int)Math.Ceiling(Math.Sqrt(units));
        return Enumerable.Range(squarest, units - squarest + 1).TakeWhile(columns => columns <= MostOblong * Rows(units, columns))
            .MinBy(columns => (columns * Rows(units, columns)) - units);
    }

    private static int Rows(int units, int columns) => (units + columns - 1) / columns;

    private static int Edge(int tiles, int side) => (tiles * (side + Padding)) - Padding;

    private static void DrawTile(Picture grid, ReadOnlySpan<float> weights, int units, int unit, int side, int left, int top)
    {
        (double least, double most) = Range(weights, units, unit);
        double range = most > least ? most - least : 1; // a unit of equal weights is black
        int pitch = side * Picture.Colours;
        for (int i = 0; i < side * pitch; i++)
        {
            int at = ((((top + (i / pitch)) * grid.Width) + left) * Picture.Colours) + (i % pitch);
            grid.Rgb[at] = (byte)(White * (weights[(i * units) + unit] - least) / range);
        }
    }

    private static (double Least, double Most) Range(ReadOnlySpan<float> weights, int units, int unit)
    {
        double least = double.MaxValue, most = double.MinValue;
        for (int i = unit; i < weights.Length; i += units)
            (least, most) = (Math.Min(least, weights[i]), Math.Max(most, weights[i]));
        return (least, most);
    }
}
