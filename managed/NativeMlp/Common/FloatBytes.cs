// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NativeMlp;

/// <summary>Floats as the little-endian bytes of files and fingerprints, a part at a time: the bytes of a large tensor are
/// more than a span can hold.</summary>
internal static class FloatBytes
{
    private const int ChunkFloats = 1 << 20;

    /// <summary>Takes some bytes.</summary>
    public delegate void Sink(ReadOnlySpan<byte> bytes);

    /// <summary>Hands all bytes of the values, in order, to <paramref name="sink"/>.</summary>
    public static void Pour(ReadOnlySpan<float> values, Sink sink)
    {
        byte[]? turned = BitConverter.IsLittleEndian ? null : new byte[Math.Min(values.Length, ChunkFloats) * sizeof(float)];
        while (!values.IsEmpty)
        {
            ReadOnlySpan<float> chunk = values[..Math.Min(values.Length, ChunkFloats)];
            sink(turned is null ? MemoryMarshal.AsBytes(chunk) : Turn(chunk, turned));
            values = values[chunk.Length..];
        }
    }

    /// <summary>Hands the upper halves of the values, which are bfloat16 numbers, to <paramref name="sink"/>.</summary>
    public static void PourUpperHalves(ReadOnlySpan<float> values, Sink sink)
    {
        byte[] halves = new byte[Math.Min(values.Length, ChunkFloats) * sizeof(ushort)];
        while (!values.IsEmpty)
        {
            ReadOnlySpan<float> chunk = values[..Math.Min(values.Length, ChunkFloats)];
            for (int i = 0; i < chunk.Length; i++)
                BinaryPrimitives.WriteUInt16LittleEndian(halves.AsSpan(i * sizeof(ushort)), (ushort)(BitConverter.SingleToUInt32Bits(chunk[i]) >> 16));
            sink(halves.AsSpan(0, chunk.Length * sizeof(ushort)));
            values = values[chunk.Length..];
        }
    }

    private static ReadOnlySpan<byte> Turn(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes[(i * sizeof(float))..], values[i]);
        return bytes[..(values.Length * sizeof(float))];
    }
}
