// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using NativeMlp.Data;

namespace NativeMlp.Tabular.Reading.NumPy;

/// <summary>Elements that are texts of a fixed length: <c>&lt;U5</c> has 5 code points of 4 bytes, <c>|S5</c> 5 bytes. What is
/// shorter is filled with zeros.</summary>
internal sealed class NpyText
{
    private const int MostBytes = 1 << 20;

    private readonly Encoding _encoding;

    private NpyText(int size, Encoding encoding) => (Size, _encoding) = (size, encoding);

    /// <summary>The bytes of an element.</summary>
    public int Size { get; }

    /// <summary>The maximum number of characters of an element.</summary>
    public int MostChars => _encoding.GetMaxCharCount(Size);

    /// <summary>How the text is encoded, in a word.</summary>
    public string Encoding => _encoding.WebName;

    /// <summary>Whether the elements of a type are texts.</summary>
    public static bool Is(string type) => KindOf(type) is 'U' or 'S';

    /// <summary>Knows a type by its name.</summary>
    /// <exception cref="DataFormatException">Its elements have no length, or are too long.</exception>
    public static NpyText Of(string type, NpyPlace place)
    {
        int unit = KindOf(type) == 'U' ? sizeof(uint) : 1;
        if (!int.TryParse(Bare(type)[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length < 1 || length > MostBytes / unit)
            throw place.Fault($"its elements have the type {Printable.Quoted(type)}; texts of 1 to {MostBytes / unit} characters are read.");
        return new NpyText(length * unit, unit == 1 ? new UTF8Encoding(false, throwOnInvalidBytes: true) : new UTF32Encoding(type[0] == '>', false, throwOnInvalidCharacters: true));
    }

    /// <summary>Reads an element.</summary>
    /// <returns>Whether it is a text.</returns>
    public bool TryRead(ReadOnlySpan<byte> bytes, Span<char> buffer, out int length)
    {
        try
        {
            length = buffer[.._encoding.GetChars(bytes, buffer)].TrimEnd('\0').Length;
            return true;
        }
        catch (DecoderFallbackException)
        {
            length = 0;
            return false;
        }
    }

    private static char KindOf(string type) => Bare(type)[0];

    private static ReadOnlySpan<char> Bare(string type) => type.AsSpan().TrimStart("<>=|");
}
