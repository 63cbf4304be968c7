// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.Text;

namespace NativeMlp.Data;

/// <summary>An array read from an IDX file.</summary>
/// <param name="Shape">Its dimensions; the first one is the number of rows.</param>
/// <param name="Values">Its bytes, row by row.</param>
public sealed record IdxArray(IReadOnlyList<int> Shape, ReadOnlyMemory<byte> Values)
{
    private bool PrintMembers(StringBuilder builder) => new MemberText(builder).AddList(Shape).AddList(Values).Any;
}

/// <summary>
/// Reads IDX files of bytes, the format of the MNIST family, plain or gzip: two zero bytes, a type byte
/// (8 for unsigned bytes), the number of dimensions, their sizes as big-endian 32-bit numbers, the data.
/// </summary>
public static class IdxReader
{
    private const int MagicLength = 4;
    private const byte UnsignedByte = 8;
    private const int MostDimensions = 8;

    /// <summary>Reads an array.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The shape and the bytes.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">The file is damaged, or not an IDX file of bytes.</exception>
    public static IdxArray Read(string path)
    {
        using Stream content = DataFile.Open(path);
        int[] shape = ReadShape(path, content);
        long length = Length(path, shape);
        byte[] values = DataFile.Read(content, length);
        int header = HeaderLength(shape);
        string needed = $"its sizes {string.Join(" × ", shape)} need a file of {header + length} bytes; this one has";
        if (values.Length < length) throw new DataFormatException(path, $"{needed} {header + values.Length}.");
        return DataFile.HasEnded(content) ? new IdxArray(shape, values) : throw new DataFormatException(path, $"{needed} more.");
    }

    /// <summary>Reads a data set: images (three dimensions or two) and their labels.</summary>
    /// <param name="name">The name of the data set.</param>
    /// <param name="imagesPath">The file of the images.</param>
    /// <param name="labelsPath">The file of the labels.</param>
    /// <param name="classes">Number of classes.</param>
    /// <returns>The data set. Its bytes are divided by 255 on use.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged, or the two do not belong together.</exception>
    public static Dataset ReadDataset(string name, string imagesPath, string labelsPath, int classes = 10)
    {
        IdxArray images = Read(imagesPath);
        IdxArray labels = Read(labelsPath);
        int features = Pixels(imagesPath, images);
        if (labels.Shape.Count != 1)
            throw new DataFormatException(labelsPath, $"labels have 1 dimension; these have {labels.Shape.Count}.");

        if (images.Shape[0] != labels.Shape[0])
            throw new DataFormatException(labelsPath, $"there are {labels.Shape[0]} labels for the {images.Shape[0]} images of {Printable.Path(imagesPath)}.");

        return Dataset.FromBytes(name, images.Values, features, Labels(labelsPath, labels.Values.Span, classes), classes);
    }

    /// <summary>Reads images without labels. Each image gets label 0.</summary>
    internal static Dataset ReadUnlabelled(string name, string imagesPath, int classes = 10)
    {
        IdxArray images = Read(imagesPath);
        return Dataset.FromBytes(name, images.Values, Pixels(imagesPath, images), new int[images.Shape[0]], classes);
    }

    private static int Pixels(string path, IdxArray images)
    {
        if (images.Shape.Count is not (2 or 3))
            throw new DataFormatException(path, $"images have 2 or 3 dimensions; these have {images.Shape.Count}.");

        // Without images, the sizes of an image have not been checked, because their product with the count is 0.
        long pixels = images.Shape.Skip(1).Aggregate(1L, (product, size) => product * size);
        return pixels is >= 1 and <= int.MaxValue
            ? (int)pixels
            : throw new DataFormatException(path, $"an image has {pixels} pixels; it must have 1 to {int.MaxValue}.");
    }

    private static int[] ReadShape(string path, Stream content)
    {
        byte[] magic = DataFile.Read(content, MagicLength);
        if (magic.Length < MagicLength)
            throw new DataFormatException(path, $"an IDX file begins with {MagicLength} bytes; this one has {magic.Length}.");

        if (magic[0] != 0 || magic[1] != 0)
            throw new DataFormatException(path, "the first two bytes are not 0, so this is not an IDX file.");

        if (magic[2] != UnsignedByte)
            throw new DataFormatException(path, $"the element type is 0x{magic[2]:X2} (byte 2); only 0x08, unsigned bytes, is supported.");

        int count = magic[3];
        if (count is < 1 or > MostDimensions)
            throw new DataFormatException(path, $"it has {count} dimensions (byte 3); 1 to {MostDimensions} are supported.");

        var shape = new int[count];
        byte[] sizes = DataFile.Read(content, HeaderLength(shape) - MagicLength);
        if (sizes.Length < HeaderLength(shape) - MagicLength)
            throw new DataFormatException(path, $"it ends inside the sizes of its {count} dimensions, after {MagicLength + sizes.Length} bytes.");

        for (int d = 0; d < count; d++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(sizes.AsSpan(sizeof(uint) * d));
            shape[d] = size <= int.MaxValue ? (int)size : throw new DataFormatException(path, $"dimension {d} has the size {size}; the maximum is {int.MaxValue}.");
        }

        return shape;
    }

    private static int HeaderLength(int[] shape) => MagicLength + (sizeof(uint) * shape.Length);

    // Of the values.
    private static long Length(string path, int[] shape)
    {
        long product = 1;
        foreach (int size in shape)
        {
            product *= size;
            if (product > Array.MaxLength)
                throw new DataFormatException(path, $"its sizes {string.Join(" × ", shape)} are more than {Array.MaxLength} bytes.");
        }

        return product;
    }

    private static int[] Labels(string path, ReadOnlySpan<byte> bytes, int classes)
    {
        var labels = new int[bytes.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = bytes[i] < classes ? bytes[i] : throw new DataFormatException(path, $"label {i} is {bytes[i]}; it must be below {classes}.");
        }

        return labels;
    }
}
