// SPDX-License-Identifier: MIT
using System.Buffers.Binary;

namespace NativeMlp.Onnx.Graphs;

/// <summary>The elements of a tensor, which a file may have as raw bytes or as numbers of several kinds, as bytes.</summary>
internal sealed class TensorBytes
{
    private const int RawData = 9, FloatData = 4, Int32Data = 5, Int64Data = 7, DoubleData = 10;

    private readonly List<long> _integers = [];
    private ReadOnlyMemory<byte> _bytes;
    private MemoryStream? _single; // numbers that are not in one piece

    /// <summary>Takes a field of <c>TensorProto</c>, if it has elements.</summary>
    public void Add(ProtoReader field)
    {
        if (field.Field is RawData or FloatData or DoubleData && field.Kind == ProtoWriter.BytesKind) _bytes = field.Bytes;
        else if (field.Field == FloatData) AddSingle(field.Number);
        else if (field.Field is Int32Data or Int64Data) field.AddIntegers(_integers);
    }

    /// <summary>The elements of a tensor of this type, little-endian.</summary>
    public ReadOnlyMemory<byte> ToBytes(ElementType type)
    {
        if (_single is not null) return _single.ToArray();
        if (_integers.Count == 0) return _bytes;
        int size = ElementTypes.SizeOf(type);
        if ((long)_integers.Count * size > Array.MaxLength - sizeof(long)) throw new InvalidDataException($"a tensor has {_integers.Count} elements, which is too many");
        byte[] bytes = new byte[(_integers.Count * size) + sizeof(long)];
        for (int i = 0; i < _integers.Count; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * size), _integers[i]); // the low bytes stay
        return bytes.AsMemory(0, _integers.Count * size);
    }

    private void AddSingle(float number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, number);
        (_single ??= new MemoryStream()).Write(bytes);
    }
}

/// <summary>What there is to know about types of elements.</summary>
internal static class ElementTypes
{
    /// <summary>Bytes of an element; 0 for a type that is not read.</summary>
    public static int SizeOf(ElementType type) => type switch
    {
        ElementType.Double or ElementType.Int64 => 8,
        ElementType.Float or ElementType.Int32 => 4,
        ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Bool => 1,
        _ => 0,
    };

    /// <summary>An element as a double.</summary>
    public static double Read(ElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        ElementType.Double => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        ElementType.Float => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        ElementType.Float16 => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        ElementType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        _ => bytes[0],
    };
}
