// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.Text;

namespace NativeMlp.Storage;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="ElementType">Its element type as the format names it: F32, F16, BF16, I64, …</param>
/// <param name="Shape">Its dimensions; empty for a single number.</param>
/// <param name="Bytes">Its elements, little-endian, row by row.</param>
public sealed record SafeTensor(string ElementType, IReadOnlyList<int> Shape, ReadOnlyMemory<byte> Bytes)
{
    private bool PrintMembers(StringBuilder builder) =>
        new MemberText(builder).Add(ElementType).AddList(Shape).Add(Bytes.Length, nameof(Bytes)).Any;

    /// <summary>A float32 tensor.</summary>
    /// <param name="values">Its elements, row by row.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentException">The product of the dimensions is not the number of elements, or there are too many elements
    /// for an array of bytes.</exception>
    public static SafeTensor FromFloats(ReadOnlySpan<float> values, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Aggregate(1L, (product, size) => product * size) != values.Length)
            Throw.Argument($"There are {values.Length} values for the shape [{string.Join(" × ", shape)}].", nameof(values));
        const int MostValues = int.MaxValue / sizeof(float);
        if (values.Length > MostValues)
            Throw.Argument($"There are {values.Length} values; at most {MostValues} fit into one {nameof(SafeTensor)}.", nameof(values));
        var bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);

        return new SafeTensor("F32", shape, bytes);
    }

    /// <summary>The element types of the format.</summary>
    internal static IReadOnlyList<string> ElementTypes { get; } =
        ["F32", "F64", "F16", "BF16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8", "BOOL"];

    /// <summary>The number of bytes of an element of this type; 0 for an unknown type.</summary>
    internal static int ElementSize(string type) => type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" => 1,
        _ => 0,
    };

    /// <summary>The elements as float32. 64-bit types are rounded; 16-bit floats are exact.</summary>
    /// <returns>The elements, row by row.</returns>
    public float[] GetFloats()
    {
        var values = new float[Bytes.Length / ElementSize(ElementType)];
        ToFloats(ElementType, Bytes.Span, values);
        return values;
    }

    /// <summary>Converts elements of a type to float32.</summary>
    internal static void ToFloats(string type, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        int size = ElementSize(type);
        for (int i = 0; i < values.Length; i++)
            values[i] = Element(type, bytes.Slice(i * size, size));
    }

    private static float Element(string type, ReadOnlySpan<byte> bytes) => type switch
    {
        "F64" => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        "F32" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        "F16" => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        "BF16" => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
        "I64" => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        "U64" => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        "I32" => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        "U32" => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        "I16" => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        "U16" => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        "I8" => (sbyte)bytes[0],
        "BOOL" => bytes[0] != 0 ? 1 : 0,
        _ => bytes[0],
    };
}
