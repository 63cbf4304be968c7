// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Records;

namespace NativeMlp.Runner.Reports.Figures;

/// <summary>The weights that lead to each unit of a first layer as a small picture. Coloured ones are drawn as the course draws them;
/// of grey ones the sign is the hue and the size the depth.</summary>
internal static class WeightTiles
{
    private const int Gap = 2;
    private const int Across = 8;
    private const byte Background = 160;

    // Blue for −1 and orange for 1, which colour-blind people tell apart.
    private static readonly (double R, double G, double B) s_negative = (0, 90, 181), s_positive = (214, 94, 0);

    /// <param name="weights"><c>[inputs × units]</c>, the colours of a pixel side by side.</param>
    /// <param name="inputs">Numbers of a picture.</param>
    /// <param name="shown">How many units are drawn.</param>
    public static Picture Draw(float[] weights, int inputs, int shown)
    {
        int side = PictureRows.SideOf(inputs), units = weights.Length / inputs, across = Math.Min(Across, shown), down = (shown + across - 1) / across;
        Picture grid = new((across * (side + Gap)) - Gap, (down * (side + Gap)) - Gap);
        Array.Fill(grid.Rgb, Background);
        for (int unit = 0; unit < shown; unit++)
            DrawTile(grid, weights, inputs, units, unit, unit % across * (side + Gap), unit / across * (side + Gap));
        return grid;
    }

    private static void DrawTile(Picture grid, float[] weights, int inputs, int units, int unit, int left, int top)
    {
        int side = PictureRows.SideOf(inputs), colours = inputs / (side * side);
        float[] own = [.. Enumerable.Range(0, inputs).Select(input => weights[(input * units) + unit])];
        float least = own.Min(), most = own.Max(), size = Math.Max(own.Max(Math.Abs), float.Epsilon);
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
                    grid.Rgb[at + colour] = (byte)(255 * (own[(pixel * colours) + colour] - least) / Math.Max(most - least, float.Epsilon));
            }
        }
    }

    private static byte[] Signed(double share)
    {
        (double r, double g, double b) = share < 0 ? s_negative : s_positive;
        double depth = Math.Abs(share);
        return [Mix(r), Mix(g), Mix(b)];

        byte Mix(double colour) => (byte)(255 + ((colour - 255) * depth));
    }
}
