// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using System.Text.RegularExpressions;
using NativeMlp.Data;
using NativeMlp.Storage;

namespace NativeMlp.Onnx.Weights;

/// <summary>An array in NumPy's format (NEP 1): numbers, or one text. What is neither has only its type.</summary>
internal sealed partial record NpyContent(string Type, int[] Sizes)
{
    private const int MostTextCharacters = 1 << 20;

    public float[]? Values { get; private init; }

    public string? Text { get; private init; }

    /// <summary>Reads an array of an archive. Its length is that of the data that are there: no size that a header claims makes
    /// anything allocate.</summary>
    /// <exception cref="DataFormatException">It is damaged.</exception>
    public static NpyContent Read(string path, string name, ZipArchiveEntry entry)
    {
        byte[] bytes = Content(path, name, entry);
        int begin = HeaderEnd(bytes) ?? throw Bad(path, name, "it does not begin as an array of NumPy does.");
        Match match = Literal().Match(Encoding.Latin1.GetString(bytes.AsSpan(0, begin)[10..]));
        if (!match.Success) throw Bad(path, name, "its header does not give a type (descr), fortran_order and a shape.");
        int[] sizes = SizesOf(match.Groups["shape"].Value) ?? throw Bad(path, name, $"its shape is ({Printable.Text(match.Groups["shape"].Value, 60)}).");
        string type = match.Groups["type"].Value;
        ReadOnlySpan<byte> data = bytes.AsSpan(begin);
        NpyContent array = new(type, sizes);
        if (type.StartsWith("<U", StringComparison.Ordinal) && sizes.Length == 0 && data.Length <= MostTextCharacters)
            return array with { Text = Encoding.UTF32.GetString(data).TrimEnd('\0') };
        if (SizeOf(type) is not (> 0 and var size)) return array;
        Int128 count = 1;
        foreach (int length in sizes) count = count > int.MaxValue ? count : count * length;
        if (count * size != data.Length) throw Bad(path, name, $"its shape ({string.Join(", ", sizes)}) of {type} needs {count * size} bytes; there are {data.Length}.");
        float[] values = Numbers(type, size, data);
        return array with { Values = match.Groups["fortran"].Value == "True" && sizes.Length == 2 ? CheckpointReader.Transpose(values, sizes[0], sizes[1]) : values };
    }

    // The library unpacks an entry without comparing its checksum.
    private static byte[] Content(string path, string name, ZipArchiveEntry entry)
    {
        if (entry.Length > Array.MaxLength) throw Bad(path, name, $"it has {entry.Length} bytes; at most {Array.MaxLength} are read.");
        using MemoryStream bytes = new();
        using (Stream content = entry.Open()) content.CopyTo(bytes);
        byte[] all = bytes.ToArray();
        return Crc32.HashToUInt32(all) == entry.Crc32 ? all : throw Bad(path, name, "its checksum is wrong: the archive is damaged.");
    }

    private static int? HeaderEnd(ReadOnlySpan<byte> bytes)
    {
        if (bytes is not [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', >= 1 and <= 3 and var version, _, ..] || bytes.Length < 12) return null;
        long end = version == 1 ? 10L + BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) : 12L + BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        return end <= bytes.Length && end <= 1 << 16 ? (int)end : null;
    }

    private static int[]? SizesOf(string shape)
    {
        List<int> sizes = [];
        foreach (string size in shape.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out int length)) return null;
            sizes.Add(length);
        }

        return [.. sizes];
    }

    private static int SizeOf(string type) => type switch
    {
        "<f8" or "<i8" => 8,
        "<f4" or "<i4" => 4,
        "<f2" => 2,
        _ => 0,
    };

    private static float[] Numbers(string type, int size, ReadOnlySpan<byte> data)
    {
        float[] values = new float[data.Length / size];
        for (int i = 0; i < values.Length; i++)
        {
            ReadOnlySpan<byte> element = data.Slice(i * size, size);
            values[i] = type switch
            {
                "<f8" => (float)BinaryPrimitives.ReadDoubleLittleEndian(element),
                "<f4" => BinaryPrimitives.ReadSingleLittleEndian(element),
                "<f2" => (float)BinaryPrimitives.ReadHalfLittleEndian(element),
                "<i4" => BinaryPrimitives.ReadInt32LittleEndian(element),
                _ => BinaryPrimitives.ReadInt64LittleEndian(element),
            };
        }

        return values;
    }

    private static DataFormatException Bad(string path, string name, string problem) => new(path, $"array {Printable.Quoted(name, 100)}: {problem}");

    [GeneratedRegex("""
        \A(?=.*'descr':\s*'(?<type>[<>=|]?[A-Za-z]\d*)')(?=.*'fortran_order':\s*(?<fortran>True|False))(?=.*'shape':\s*\((?<shape>[\d,\s]*)\))
        """, RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Literal();
}
