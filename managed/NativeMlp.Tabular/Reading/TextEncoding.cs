// SPDX-License-Identifier: MIT
using System.Text.Unicode;
using NativeMlp.Data;

namespace NativeMlp.Tabular.Reading;

/// <summary>Detects text that is not UTF-8.</summary>
internal static class TextEncoding
{
    /// <summary>Checks the first bytes of a text.</summary>
    /// <returns>The length of a byte order mark.</returns>
    /// <exception cref="DataFormatException">The bytes belong to another encoding or kind of file.</exception>
    public static int CheckBeginning(string name, ReadOnlySpan<byte> beginning)
    {
        string? other = beginning switch
        {
            [0xff, 0xfe, 0, 0, ..] or [0, 0, 0xfe, 0xff, ..] => "UTF-32 text",
            [0xff, 0xfe, ..] or [0xfe, 0xff, ..] or [not 0, 0, not 0, 0, ..] or [0, not 0, 0, not 0, ..] => "UTF-16 text",
            [(byte)'P', (byte)'K', 3, 4, ..] => "a ZIP archive or a spreadsheet",
            [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "a Parquet file",
            [(byte)'B', (byte)'Z', (byte)'h', ..] => "bzip2 data",
            [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', ..] => "xz data",
            [0x28, 0xb5, 0x2f, 0xfd, ..] => "Zstandard data",
            [0xd0, 0xcf, 0x11, 0xe0, ..] => "a spreadsheet",
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "a PDF document",
            _ => null,
        };
        if (other is not null)
            throw new DataFormatException(name, $"the file is {other}; tables can be UTF-8 text (plain or gzip), .npy or .npz. Save it as CSV in UTF-8.");
        return beginning is [0xef, 0xbb, 0xbf, ..] ? 3 : 0;
    }

    /// <summary>Returns the error for records that are not UTF-8.</summary>
    public static DataFormatException Invalid(string name, RecordBlock block)
    {
        int at = InvalidIndex(block.Bytes);
        long line = block.FirstLine + RecordBlocks.CountLines(block.Bytes[..at]);
        return new(name, $"line {line}: the byte 0x{block.Bytes[at]:X2} is not UTF-8; the text may be Latin-1 or Windows-1252. Save it as UTF-8.");
    }

    private static int InvalidIndex(ReadOnlySpan<byte> text)
    {
        char[] unused = new char[text.Length];
        Utf8.ToUtf16(text, unused, out int read, out _, replaceInvalidSequences: false);
        return Math.Min(read, text.Length - 1);
    }
}
