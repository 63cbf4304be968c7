// SPDX-License-Identifier: MIT
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeMlp;

/// <summary>Checks of arguments before they reach native code. Each throws with the argument's name and both sizes.</summary>
internal static class Check
{
    /// <summary>The maximum number of workers that the library takes.</summary>
    public const int MaxThreads = 1024;

    public static void Size(int value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < 0) Throw.NegativeSize(value, name);
    }

    public static void AtLeastOne(int value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value < 1) Throw.OutOfRange($"{name} is {value}; it must be at least 1.", name);
    }

    public static void Threads(int threads)
    {
        if (threads is < 0 or > MaxThreads)
            Throw.OutOfRange($"threads is {threads}; it must be from 0 (the default) to {MaxThreads}.", nameof(threads));
    }

    /// <summary>Returns the number of elements of a matrix, which must fit into one array.</summary>
    public static int Elements(int rows, int columns, string what, string advice, string name)
    {
        long length = (long)rows * columns;
        if (length > Array.MaxLength)
            Throw.Argument($"The {what} [{rows} × {columns}] have {length} elements; at most {Array.MaxLength} fit into an array: {advice}.", name);
        return (int)length;
    }

    /// <summary>Returns the leading dimension: <paramref name="ld"/>, or the number of columns if it is 0.</summary>
    public static int Pitch(int ld, int columns, [CallerArgumentExpression(nameof(ld))] string name = "")
    {
        if (ld == 0) return columns;
        if (ld < columns) Throw.Argument($"{name} is {ld}, less than the {columns} elements of a row.", name);
        return ld;
    }

    /// <summary>The part of a matrix that a call reads. Without a leading dimension (<paramref name="ld"/> 0) the length must
    /// be exact; otherwise rows of another width would be misread silently.</summary>
    public static ReadOnlySpan<float> Input(ReadOnlySpan<float> values, int rows, int columns, int ld,
        [CallerArgumentExpression(nameof(values))] string name = "", [CallerArgumentExpression(nameof(ld))] string ldName = "") =>
        values[..InputLength(values.Length, rows, columns, ld, name, ldName)];

    /// <summary>The part of a matrix that a call reads and writes, as <see cref="Input"/>.</summary>
    public static Span<float> InPlace(Span<float> values, int rows, int columns, int ld,
        [CallerArgumentExpression(nameof(values))] string name = "", [CallerArgumentExpression(nameof(ld))] string ldName = "") =>
        values[..InputLength(values.Length, rows, columns, ld, name, ldName)];

    /// <summary>The part of a matrix that a call writes. Elements after it do not change.</summary>
    public static Span<float> Output(Span<float> values, int rows, int columns, int ld,
        [CallerArgumentExpression(nameof(values))] string name = "", [CallerArgumentExpression(nameof(ld))] string ldName = "") =>
        values[..Extent(values.Length, rows, columns, Pitch(ld, columns, ldName), name)];

    /// <summary>Elements of a matrix of that length, exact or, with a leading dimension, at least as many.</summary>
    public static int InputLength(int length, int rows, int columns, int ld, string name, string ldName)
    {
        int needed = Extent(length, rows, columns, Pitch(ld, columns, ldName), name);
        if (ld == 0 && length != needed) Throw.TooLong(length, rows, columns, needed, name, ldName);
        return needed;
    }

    public static void Length(int length, int needed, string what, string name)
    {
        if (length != needed) Throw.WrongLength(length, needed, what, name);
    }

    public static void Disjoint(ReadOnlySpan<float> output, ReadOnlySpan<float> input,
        [CallerArgumentExpression(nameof(output))] string outputName = "",
        [CallerArgumentExpression(nameof(input))] string inputName = "")
    {
        if (output.Overlaps(input)) Throw.Overlap(outputName, inputName);
    }

    /// <summary>For functions that may work in place: the two are apart, or begin together with the same pitch.</summary>
    public static void DisjointOrSame(ReadOnlySpan<float> output, ReadOnlySpan<float> input,
        int outputPitch = 0, int inputPitch = 0,
        [CallerArgumentExpression(nameof(output))] string outputName = "",
        [CallerArgumentExpression(nameof(input))] string inputName = "")
    {
        bool same = Unsafe.AreSame(ref MemoryMarshal.GetReference(output), ref MemoryMarshal.GetReference(input))
                    && outputPitch == inputPitch;
        if (!same && output.Overlaps(input)) Throw.Overlap(outputName, inputName);
    }

    public static void Finite(float value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!float.IsFinite(value)) Throw.OutOfRange($"{name} is {value}; it must be finite.", name);
    }

    private static int Extent(int length, int rows, int columns, int pitch, string name)
    {
        long needed = rows == 0 || columns == 0 ? 0 : ((rows - 1L) * pitch) + columns;
        if (length < needed) Throw.TooShort(length, rows, columns, pitch, needed, name);
        return (int)needed;
    }
}
