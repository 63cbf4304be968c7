// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>The limits beyond which a data file is refused.</summary>
internal sealed record DataLimits
{
    /// <summary>The default limits of readers.</summary>
    public static DataLimits Default { get; } = new();

    /// <summary>The maximum ratio of unpacked to packed bytes. Deflate compresses equal bytes 1032 : 1, and sparse tables
    /// about 440 : 1.</summary>
    public double GzipRatio { get; init; } = 500;

    /// <summary>The advice for a larger ratio, as the rest of a sentence.</summary>
    public string GzipRemedy { get; init; } = "unpack it with gunzip: the plain file is read";

    /// <summary>The maximum number of bytes of a pipe or a device, which may never end.</summary>
    public long UnknownLength { get; init; } = 1L << 30;
}
