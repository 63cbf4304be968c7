// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.IO.Compression;

namespace NativeMlp.Data;

/// <summary>Opens data files, plain or gzip; which of them is told by the first two bytes, not by the name.</summary>
internal static class DataFile
{
    // Deflate cannot shrink more than 1032 : 1; a file that claims more is lying or hostile.
    private const long GreatestRatio = 1032;
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
        new(path, $"the content is longer than the {most} bytes it should have.");

    private static byte[] Inflate(string path, byte[] raw, Limit? limit)
    {
        // The last four bytes state the length modulo 2^32: only a first guess for the buffer.
        uint stated = raw.Length >= 18 ? BinaryPrimitives.ReadUInt32LittleEndian(raw.AsSpan(raw.Length - 4)) : 0;
        long most = Math.Min(Array.MaxLength, raw.Length * GreatestRatio);
        using var output = new MemoryStream((int)Math.Min(stated, Math.Min(most, 1 << 26)));
        try
        {
            using var gzip = new GZipStream(new MemoryStream(raw), CompressionMode.Decompress);
            byte[] chunk = new byte[Chunk];
            for (int read = gzip.ReadAtLeast(chunk, Chunk, throwOnEndOfStream: false); read > 0; read = gzip.Read(chunk))
            {
                if (output.Length == 0 && limit is not null)
                {
                    most = Math.Min(most, limit(chunk.AsSpan(0, read)));
                }

                if (output.Length + read > most)
                {
                    throw TooLong(path, most);
                }

                output.Write(chunk, 0, read);
            }
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(path, "the gzip data are damaged.", e);
        }

        if (raw.Length < 18 || stated != (uint)output.Length) // a file that is cut off may end silently
        {
            throw new DataFormatException(path, $"the gzip data are cut off: {output.Length} bytes came out, {stated} are stated.");
        }

        return output.ToArray();
    }
}
