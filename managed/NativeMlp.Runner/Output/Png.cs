// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace NativeMlp.Runner.Output;

/// <summary>Writes an image as PNG: eight bits per colour, no filter, one data chunk.</summary>
internal static class Png
{
    private const byte EightBits = 8;
    private const byte TrueColour = 2;
    private const byte NoFilter = 0;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    public static byte[] Encode(Picture picture)
    {
        using MemoryStream file = new();
        file.Write(Signature);
        WriteChunk(file, "IHDR"u8, Header(picture));
        WriteChunk(file, "IDAT"u8, Data(picture));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Header(Picture picture)
    {
        byte[] header = new byte[13]; // compression, filter method and interlacing are 0
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), picture.Height);
        header[8] = EightBits;
        header[9] = TrueColour;
        return header;
    }

    private static byte[] Data(Picture picture)
    {
        using MemoryStream data = new();
        using (ZLibStream zlib = new(data, CompressionLevel.SmallestSize))
        {
            int pitch = picture.Width * Picture.Colours;
            for (int row = 0; row < picture.Height; row++)
            {
                zlib.WriteByte(NoFilter);
                zlib.Write(picture.Rgb, row * pitch, pitch);
            }
        }
        return data.ToArray();
    }

    // Length of the data, kind, data, and a checksum over kind and data.
    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(kind);
        file.Write(data);
        Crc32 sum = new();
        sum.Append(kind);
        sum.Append(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, sum.GetCurrentHashAsUInt32());
        file.Write(number);
    }
}
