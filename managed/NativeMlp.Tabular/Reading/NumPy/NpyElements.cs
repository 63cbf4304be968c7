// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using NativeMlp.Data;

namespace NativeMlp.Tabular.Reading.NumPy;

/// <summary>Turns the elements of an array into doubles, each to the same value.</summary>
internal sealed class NpyElements
{
    private readonly Func<ReadOnlySpan<byte>, double> _read;
    private readonly bool _swaps;

    private NpyElements(int size, bool swaps, Func<ReadOnlySpan<byte>, double> read) => (Size, _swaps, _read) = (size, swaps, read);

    /// <summary>The bytes of an element.</summary>
    public int Size { get; }

    /// <summary>Knows a type by its name, such as <c>&lt;f8</c>.</summary>
    /// <exception cref="DataFormatException">The type is not a type of numbers.</exception>
    public static NpyElements Of(string type, NpyPlace place)
    {
        bool swaps = type[0] == '>';
        return type.TrimStart('<', '>', '=', '|') switch
        {
            "f2" => new(2, swaps, bytes => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes)),
            "f4" => new(4, swaps, bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes)),
            "f8" => new(8, swaps, bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
            "i1" => new(1, swaps, bytes => (sbyte)bytes[0]),
            "i2" => new(2, swaps, bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes)),
            "i4" => new(4, swaps, bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes)),
            "i8" => new(8, swaps, bytes => Exact(BinaryPrimitives.ReadInt64LittleEndian(bytes))),
            "u1" or "b1" => new(1, swaps, bytes => bytes[0]),
            "u2" => new(2, swaps, bytes => BinaryPrimitives.ReadUInt16LittleEndian(bytes)),
            "u4" => new(4, swaps, bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes)),
            "u8" => new(8, swaps, bytes => Exact(BinaryPrimitives.ReadUInt64LittleEndian(bytes))),
            _ => throw place.Fault($"its elements have the type {Printable.Quoted(type)}; floats, integers, booleans and texts are read."),
        };
    }

    /// <summary>Reads the element at the beginning of <paramref name="bytes"/>.</summary>
    /// <returns>NaN for a missing value, an infinity for what no double holds.</returns>
    public double Read(ReadOnlySpan<byte> bytes)
    {
        if (!_swaps || Size == 1) return _read(bytes);
        Span<byte> swapped = stackalloc byte[8];
        bytes[..Size].CopyTo(swapped);
        swapped[..Size].Reverse();
        return _read(swapped);
    }

    private static double Exact(Int128 value) => (Int128)(double)value == value ? (double)value : double.PositiveInfinity;
}
