// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.IO.Compression;

namespace NativeMlp.Data;

/// <summary>Opens data files, plain or gzip; which of them is told by the first two bytes, not by the name.</summary>
internal static class DataFile
{
    // Deflate cannot shrink more than 1032 : 1; a file that claims more is lying or hostile.
    private const long GreatestRatio = 1032;

    // A content that does not state its own length may be this long, whatever the length of the file, and beyond that
    // as many times as long as tables of numbers are at most: a small file cannot fill the memory.
    private const long FreeBytes = 16 << 20;
    private const long UsualRatio = 64;
    private const int Chunk = 1 << 16;

    /// <summary>How long a content that begins like this may be.</summary>
    public delegate long Limit(ReadOnlySpan<byte> beginning);

    /// <summary>Reads a file whole; a content longer than the limit is refused before it is all in memory.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The gzip data are damaged, or the content is longer.</exception>
    public static byte[] ReadAll(string path, Limit? limit = null)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The data file {path} does not exist.", path);
        }

        byte[] raw = File.ReadAllBytes(path);
        if (raw is [0x1f, 0x8b, ..])
        {
            return Inflate(path, raw, limit);
        }

        long most = limit is null ? long.MaxValue : limit(raw);
        return raw.Length <= most ? raw : throw TooLong(path, most);
    }

    private static DataFormatException TooLong(string path, long most) =>
        new(path, $"the content is longer than the {most} bytes that it may have.");

    private static byte[] Inflate(string path, byte[] raw, Limit? limit)
    {
        // The last four bytes state the length modulo 2^32: only a first guess for the buffer.
        uint stated = raw.Length >= 18 ? BinaryPrimitives.ReadUInt32LittleEndian(raw.AsSpan(raw.Length - 4)) : 0;
        long most = Math.Min(Array.MaxLength, FreeBytes + (raw.Length * UsualRatio));
        byte[] content = [];
        int length = 0;
        try
        {
            using var gzip = new GZipStream(new MemoryStream(raw), CompressionMode.Decompress);
            byte[] chunk = new byte[Chunk];
            for (int read = gzip.ReadAtLeast(chunk, Chunk, throwOnEndOfStream: false); read > 0; read = gzip.Read(chunk))
            {
                if (length == 0)
                {
                    most = limit is null ? most : Math.Min(Math.Min(Array.MaxLength, raw.Length * GreatestRatio), limit(chunk.AsSpan(0, read)));
                    content = new byte[Math.Min(most, Math.Min(stated, Math.Max(FreeBytes, 8L * raw.Length)))];
                }

                if (length + (long)read > most)
                {
                    throw TooLong(path, most);
                }

                if (length + read > content.Length)
                {
                    Array.Resize(ref content, (int)Math.Min(most, Math.Max(2L * content.Length, length + read)));
                }

                chunk.AsSpan(0, read).CopyTo(content.AsSpan(length));
                length += read;
            }
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(path, "the gzip data are damaged.", e);
        }

        // The stream does not tell a file that is cut off, nor one with something behind its data.
        if (raw.Length < 18 || stated != (uint)length)
        {
            throw new DataFormatException(path, $"the gzip data are cut off, or something follows them: {length} bytes came out, the file's end states {stated}.");
        }

        if (content.Length != length)
        {
            Array.Resize(ref content, length);
        }

        return content;
    }
}
