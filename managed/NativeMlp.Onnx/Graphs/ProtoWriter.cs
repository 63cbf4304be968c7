// SPDX-License-Identifier: MIT
using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace NativeMlp.Onnx.Graphs;

/// <summary>Writes a message in the encoding of Protocol Buffers: fields, each a number and a value. Byte fields are not copied until the
/// whole message is: a message within a message within a message would otherwise copy its weights each time.</summary>
internal sealed class ProtoWriter
{
    /// <summary>How a value is written, as the encoding numbers it.</summary>
    public const int VarintKind = 0, FixedKind64 = 1, BytesKind = 2, FixedKind32 = 5;

    private readonly List<ReadOnlyMemory<byte>> _parts = [];
    private ArrayBufferWriter<byte> _bytes = new(); // what follows the parts
    private long _length; // of the parts

    /// <summary>What has been written, in one piece.</summary>
    public byte[] ToArray()
    {
        EndPart();
        byte[] all = new byte[_length];
        int at = 0;
        foreach (ReadOnlyMemory<byte> part in _parts)
        {
            part.CopyTo(all.AsMemory(at));
            at += part.Length;
        }

        return all;
    }

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

    public void Bytes(int field, ReadOnlyMemory<byte> value)
    {
        Tag(field, BytesKind);
        Varint((ulong)value.Length);
        EndPart();
        Add(value);
    }

    public void Message(int field, Action<ProtoWriter> write)
    {
        ProtoWriter inner = new();
        write(inner);
        inner.EndPart();
        Tag(field, BytesKind);
        Varint((ulong)inner._length);
        EndPart();
        inner._parts.ForEach(Add);
    }

    private void EndPart()
    {
        Add(_bytes.WrittenMemory);
        _bytes = new ArrayBufferWriter<byte>();
    }

    private void Add(ReadOnlyMemory<byte> part)
    {
        _parts.Add(part);
        _length += part.Length;
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
