// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using NativeMlp.Data;

namespace NativeMlp.Tabular.Reading.NumPy;

/// <summary>The header of NumPy's format of an array (NEP 1).</summary>
/// <param name="Type">The type of the elements, such as <c>&lt;f8</c>.</param>
/// <param name="IsFortranOrder">Whether the first index runs fastest.</param>
/// <param name="Rows">The first dimension; 1 if there is none.</param>
/// <param name="Columns">The second dimension; 1 if there is none.</param>
/// <param name="Dimensions">The number of dimensions, at most two.</param>
internal sealed partial record NpyHeader(string Type, bool IsFortranOrder, long Rows, int Columns, int Dimensions)
{
    private const int MostBytes = 1 << 16;

    /// <summary>Reads a header.</summary>
    /// <exception cref="DataFormatException">The header is invalid, or its array is not a table.</exception>
    public static NpyHeader Read(Stream content, NpyPlace place)
    {
        Span<byte> prefix = stackalloc byte[12];
        ReadAll(content, prefix[..8], place);
        if (prefix[0] != 0x93 || !prefix[1..].StartsWith("NUMPY"u8))
            throw place.Fault("these are no .npy data.");
        int version = prefix[6];
        if (version is < 1 or > 3) throw place.Fault($"version {version} of the .npy format is not known; versions 1 to 3 are read.");
        int lengthBytes = version == 1 ? 2 : 4;
        ReadAll(content, prefix.Slice(8, lengthBytes), place);
        long length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(prefix[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(prefix[8..]);
        if (length > MostBytes) throw place.Fault($"its header claims to have {length} bytes; at most {MostBytes} are read.");
        byte[] text = new byte[length];
        ReadAll(content, text, place);
        return Parse(Encoding.Latin1.GetString(text), place);
    }

    private static void ReadAll(Stream content, Span<byte> bytes, NpyPlace place)
    {
        if (content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw place.Fault("it ends within the header of the .npy data.");
    }

    private static NpyHeader Parse(string text, NpyPlace place)
    {
        Match match = Literal().Match(text);
        if (!match.Success)
            throw place.Fault($"the header of the .npy data should give a type (descr), fortran_order and a shape, but it is {Printable.Quoted(text.Trim(), 100)}.");
        string[] sizes = match.Groups["shape"].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (sizes.Length > 2) throw place.Fault($"the array has {sizes.Length} dimensions; a table has rows and columns.");
        long rows = Size(sizes, 0, Array.MaxLength, place);
        long columns = Size(sizes, 1, Array.MaxLength, place);
        return new NpyHeader(match.Groups["type"].Value, match.Groups["fortran"].Value == "True", rows, (int)columns, sizes.Length);
    }

    private static long Size(string[] sizes, int dimension, long most, NpyPlace place)
    {
        if (dimension >= sizes.Length) return 1;
        return long.TryParse(sizes[dimension], NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size <= most
            ? size : throw place.Fault($"the shape ({string.Join(", ", sizes)}) has a dimension that is not a number from 0 to {most}.");
    }

    // NumPy writes the keys in this order; other writers may not.
    [GeneratedRegex("""
        ^\{\s*(?=[^}]*'descr':\s*'(?<type>[<>=|]?[A-Za-z]\d*)'\s*[,}])(?=[^}]*'fortran_order':\s*(?<fortran>True|False)\s*[,}])(?=[^}]*'shape':\s*\((?<shape>[-\d,\s]*)\)\s*[,}])('\w+':\s*('[^']*'|True|False|\([-\d,\s]*\))\s*,?\s*){3}\}\s*$
        """, RegexOptions.CultureInvariant)]
    private static partial Regex Literal();
}
