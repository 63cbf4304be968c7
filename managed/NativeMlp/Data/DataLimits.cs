// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>How much a data file may hold before it is refused.</summary>
internal sealed record DataLimits
{
    /// <summary>The limits of every reader that is not told otherwise.</summary>
    public static DataLimits Default { get; } = new();

    /// <summary>The greatest ratio of unpacked to packed bytes. Deflate shrinks equal bytes 1032 : 1, and sparse tables
    /// some 440 : 1.</summary>
    public double GzipRatio { get; init; } = 500;

    /// <summary>What to do about a greater ratio, as the rest of a sentence.</summary>
    public string GzipRemedy { get; init; } = "unpack it with gunzip: the plain file is read";

    /// <summary>The most bytes of a pipe or a device, which may never end.</summary>
    public long UnknownLength { get; init; } = 1L << 30;
}
