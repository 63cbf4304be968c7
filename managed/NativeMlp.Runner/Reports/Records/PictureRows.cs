// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>Rows that are square images: greyscale as in MNIST, or colour as in CIFAR-10.</summary>
internal static class PictureRows
{
    private const int GreySide = 28;
    private const int ColouredSide = 32;

    public static bool IsPicture(int features) => SideOf(features) > 0;

    /// <summary>The width of the image in pixels; 0 if a row with this number of features is not an image.</summary>
    public static int SideOf(int features) => features switch
    {
        GreySide * GreySide => GreySide,
        ColouredSide * ColouredSide * Picture.Colours => ColouredSide,
        _ => 0,
    };

    public static bool IsColoured(int features) => features == ColouredSide * ColouredSide * Picture.Colours;

    /// <summary>The values of an image with the colours of a pixel next to each other.</summary>
    public static T[] ColoursLast<T>(ReadOnlySpan<T> row, PixelOrder order)
    {
        if (!IsColoured(row.Length) || order == PixelOrder.ColoursLast)
            return row.ToArray();
        int pixels = row.Length / Picture.Colours;
        T[] turned = new T[row.Length];
        for (int i = 0; i < turned.Length; i++)
            turned[i] = row[(i % Picture.Colours * pixels) + (i / Picture.Colours)];
        return turned;
    }

    /// <summary>An image of bytes in which the red, green and blue of a pixel are next to each other.</summary>
    public static Picture ToPicture(byte[] pixels)
    {
        int side = SideOf(pixels.Length);
        return new Picture(side, side, IsColoured(pixels.Length) ? pixels : [.. pixels.SelectMany(grey => Enumerable.Repeat(grey, Picture.Colours))]);
    }
}
