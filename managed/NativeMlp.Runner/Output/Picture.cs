// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Output;

/// <summary>A picture of red, green and blue bytes side by side, row by row from the top.</summary>
internal sealed record Picture(int Width, int Height, byte[] Rgb)
{
    public const int Colours = 3;

    /// <summary>A black picture.</summary>
    public Picture(int width, int height) : this(width, height, new byte[width * height * Colours])
    {
    }
}
