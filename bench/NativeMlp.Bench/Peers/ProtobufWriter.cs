// SPDX-License-Identifier: MIT
#if ONNX_PEER
using System.Buffers;
using System.Text;

namespace NativeMlp.Bench.Peers;

/// <summary>A protobuf message: fields one after the other, each a tag and a value.</summary>
internal sealed class ProtobufWriter
{
    private const int VarintKind = 0;
    private const int BytesKind = 2;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    public void Integer(int field, long value)
    {
        Varint((ulong)(field << 3 | VarintKind));
        Varint((ulong)value);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Message(int field, ProtobufWriter message) => Bytes(field, message._buffer.WrittenSpan);

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Varint((ulong)(field << 3 | BytesKind));
        Varint((ulong)value.Length);
        _buffer.Write(value);
    }

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _buffer.Write([(byte)(value | 0x80)]);
        _buffer.Write([(byte)value]);
    }
}
#endif
