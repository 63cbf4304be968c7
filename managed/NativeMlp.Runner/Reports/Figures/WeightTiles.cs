// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Records;

namespace NativeMlp.Runner.Reports.Figures;

/// <summary>Draws the weights of each unit of the first layer as a small image. Weights of colour images are drawn as by the course's
/// <c>visualize_grid</c>: in each tile, the smallest weight is 0 and the largest is 255. For grey images, the hue shows the sign of a weight and
/// the intensity its magnitude. The tiles fill a rectangle from its top left. It is at most three times as wide as high and has the fewest
/// empty places; among these, it is the one closest to a square.</summary>
internal static class WeightTiles
{
    public const int Gap = 2;
    public const byte Background = 160;

    private const double White = 255;
    private const int MostOblong = 3;

    // Blue for −1 and orange for 1, which colour-blind readers can distinguish.
    private static readonly (double R, double G, double B) s_negative = (0, 90, 181), s_positive = (214, 94, 0);

    /// <param name="weights"><c>[inputs × units]</c>, with the colours of a pixel next to each other.</param>
    /// <param name="units">The number of columns of the weights.</param>
    /// <param name="side">The width of a tile in pixels.</param>
    /// <param name="shown">The number of units to draw.</param>
    public static Picture Draw(float[] weights, int units, int side, int shown)
    {
        int across = Columns(shown), down = Rows(shown, across);
        Picture grid = new((across * (side + Gap)) - Gap, (down * (side + Gap)) - Gap);
        Array.Fill(grid.Rgb, Background);
        for (int unit = 0; unit < shown; unit++)
            DrawTile(grid, weights, units, side, unit, unit % across * (side + Gap), unit / across * (side + Gap));
        return grid;
    }

    private static int Columns(int units)
    {
        int squarest = (int)Math.Ceiling(Math.Sqrt(units));
        return Enumerable.Range(squarest, units - squarest + 1).TakeWhile(columns => columns <= MostOblong * Rows(units, columns))
            .MinBy(columns => (columns * Rows(units, columns)) - units);
    }

    private static int Rows(int units, int columns) => (units + columns - 1) / columns;

    private static void DrawTile(Picture grid, float[] weights, int units, int side, int unit, int left, int top)
    {
        int inputs = weights.Length / units, colours = inputs / (side * side);
        float[] own = [.. Enumerable.Range(0, inputs).Select(input => weights[(input * units) + unit])];
        double least = own.Min(), range = Math.Max(own.Max() - least, float.Epsilon), size = Math.Max(own.Max(Math.Abs), float.Epsilon);
        for (int pixel = 0; pixel < side * side; pixel++)
        {
            int at = ((((top + (pixel / side)) * grid.Width) + left + (pixel % side)) * Picture.Colours);
            if (colours == 1)
            {
                Signed(own[pixel] / size).CopyTo(grid.Rgb, at);
            }
            else
            {
                for (int colour = 0; colour < colours; colour++)
                    grid.Rgb[at + colour] = (byte)(White * (own[(pixel * colours) + colour] - least) / range);
            }
        }
    }

    private static byte[] Signed(double share)
    {
        (double r, double g, double b) = share < 0 ? s_negative : s_positive;
        double depth = Math.Abs(share);
        return [Mix(r), Mix(g), Mix(b)];

        byte Mix(double colour) => (byte)(White + ((colour - White) * depth));
    }
}
