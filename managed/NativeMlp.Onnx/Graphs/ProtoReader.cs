// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.Text;

namespace NativeMlp.Onnx.Graphs;

/// <summary>Reads a message in the encoding of Protocol Buffers, field by field. Nothing is copied: what a field holds is a part of the
/// memory that was given, so that no length in a file can make anything allocate.</summary>
internal sealed class ProtoReader(ReadOnlyMemory<byte> bytes)
{
    private static readonly UTF8Encoding s_text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private int _at;
    private ulong _integer;

    /// <summary>The number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>How its value is written.</summary>
    public int Kind { get; private set; }

    /// <summary>The value of a field of bytes, texts or messages.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>The value of a field of an integer.</summary>
    public long Integer => Kind == ProtoWriter.VarintKind ? (long)_integer : throw Unexpected("an integer");

    /// <summary>The value of a float32 field.</summary>
    public float Number => Kind == ProtoWriter.FixedKind32 ? BitConverter.UInt32BitsToSingle((uint)_integer) : throw Unexpected("a float");

    /// <summary>The value of a field of a text.</summary>
    public string Text
    {
        get
        {
            try
            {
                return s_text.GetString(Message.Span);
            }
            catch (DecoderFallbackException e)
            {
                throw new InvalidDataException($"field {Field} is not UTF-8 text", e);
            }
        }
    }

    /// <summary>The value of a field of bytes or of a message.</summary>
    public ReadOnlyMemory<byte> Message => Kind == ProtoWriter.BytesKind ? Bytes : throw Unexpected("bytes");

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">What follows is no field.</exception>
    public bool Next()
    {
        if (_at == bytes.Length) return false;
        ulong tag = Varint();
        (Field, Kind) = ((int)Math.Min(tag >> 3, int.MaxValue), (int)(tag & 7));
        if (Field == 0) throw new InvalidDataException("a field has the number 0");
        switch (Kind)
        {
            case ProtoWriter.VarintKind: _integer = Varint(); break;
            case ProtoWriter.FixedKind32: _integer = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)).Span); break;
            case ProtoWriter.FixedKind64: _integer = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)).Span); break;
            case ProtoWriter.BytesKind: Bytes = Take(Varint()); break;
            default: throw new InvalidDataException($"field {Field} has the unknown kind {Kind}");
        }

        return true;
    }

    /// <summary>The integers of a field that is repeated: one of them, or many in one piece.</summary>
    public void AddIntegers(List<long> integers)
    {
        if (Kind == ProtoWriter.VarintKind)
        {
            integers.Add(Integer);
            return;
        }

        ProtoReader packed = new(Message);
        while (packed._at < packed.Length) integers.Add((long)packed.Varint());
    }

    private int Length => bytes.Length;

    private ReadOnlyMemory<byte> Take(ulong length)
    {
        if (length > (ulong)(bytes.Length - _at))
            throw new InvalidDataException($"field {Field} should have {length} bytes; {bytes.Length - _at} follow");
        ReadOnlyMemory<byte> taken = bytes.Slice(_at, (int)length);
        _at += (int)length;
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (_at == bytes.Length) throw new InvalidDataException("it ends within a number");
            byte next = bytes.Span[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new InvalidDataException("a number has more than ten bytes");
    }

    private InvalidDataException Unexpected(string expected) => new($"field {Field} should be {expected}");
}
