// SPDX-License-Identifier: MIT
using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace NativeMlp.Onnx.Graphs;

/// <summary>Writes a message in the encoding of Protocol Buffers: fields, each a number and a value.</summary>
internal sealed class ProtoWriter
{
    /// <summary>How a value is written, as the encoding numbers it.</summary>
    public const int VarintKind = 0, FixedKind64 = 1, BytesKind = 2, FixedKind32 = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Integer(int field, long value)
    {
        Tag(field, VarintKind);
        Varint((ulong)value);
    }

    public void Number(int field, float value)
    {
        Tag(field, FixedKind32);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, BytesKind);
        Varint((ulong)value.Length);
        _bytes.Write(value);
    }

    public void Message(int field, Action<ProtoWriter> write)
    {
        ProtoWriter inner = new();
        write(inner);
        Bytes(field, inner.Written);
    }

    private void Tag(int field, int kind) => Varint(((ulong)field << 3) | (uint)kind);

    // Seven bits at a time, the lowest first; the eighth says that more follow.
    private void Varint(ulong value)
    {
        Span<byte> span = _bytes.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7) span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        _bytes.Advance(length);
    }
}
