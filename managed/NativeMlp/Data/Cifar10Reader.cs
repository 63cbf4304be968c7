// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>
/// Reads CIFAR-10 in its binary form, plain or gzip: records of one label byte (0..9) and 3072 pixel
/// bytes, 1024 red, 1024 green, 1024 blue, each 32 × 32 row by row.
/// </summary>
public static class Cifar10Reader
{
    /// <summary>The number of pixels of an image.</summary>
    public const int Features = 3072;

    /// <summary>Number of classes.</summary>
    public const int Classes = 10;

    private const int Record = 1 + Features;

    /// <summary>Reads the records of several files, one file after the other.</summary>
    /// <param name="paths">The files, at least one.</param>
    /// <returns>The data set. Its bytes are divided by 255 on use.</returns>
    /// <exception cref="ArgumentException">There are no paths.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged or empty, or all together are too long.</exception>
    public static Dataset Read(params IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0) Throw.Argument($"There are no paths; give at least one file.", nameof(paths));
        byte[][] contents = [.. paths.Select(ReadRecords)];
        long count = contents.Sum(content => (long)(content.Length / Record));
        if (count * Features > Array.MaxLength)
            throw new DataFormatException(paths[^1], $"with this file there are {count} records; at most {Array.MaxLength / Features} fit into one data set.");

        int rows = (int)count;
        var pixels = new byte[rows * Features];
        var labels = new int[rows];
        int row = 0;
        foreach (byte[] content in contents)
        {
            for (int at = 0; at < content.Length; at += Record, row++)
            {
                labels[row] = content[at];
                content.AsSpan(at + 1, Features).CopyTo(pixels.AsSpan(row * Features));
            }
        }

        return Dataset.FromBytes("cifar10", pixels, Features, labels, Classes);
    }

    private static byte[] ReadAll(string path)
    {
        using Stream content = DataFile.Open(path);
        byte[] bytes = DataFile.Read(content, Array.MaxLength);
        return DataFile.HasEnded(content) ? bytes : throw new DataFormatException(path, $"it has more than {Array.MaxLength} bytes; split it.");
    }

    private static byte[] ReadRecords(string path)
    {
        byte[] content = ReadAll(path);
        if (content.Length == 0 || content.Length % Record != 0)
            throw new DataFormatException(path, $"its {content.Length} bytes are not a whole number of records of {Record} bytes.");

        for (int at = 0; at < content.Length; at += Record)
        {
            if (content[at] >= Classes)
                throw new DataFormatException(path, $"the label of record {at / Record} is {content[at]}; it must be 0 to {Classes - 1}.");
        }

        return content;
    }
}
