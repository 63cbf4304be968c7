// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Output;

/// <summary>An image of red, green and blue bytes, row by row from the top.</summary>
internal sealed record Picture(int Width, int Height, byte[] Rgb)
{
    public const int Colours = 3;

    /// <summary>Creates a black image.</summary>
    public Picture(int width, int height) : this(width, height, new byte[width * height * Colours])
    {
    }
}
