// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using static System.FormattableString;

namespace NativeMlp;

/// <summary>The exceptions of argument checks, kept out of the checks so that those stay small.</summary>
internal static class Throw
{
    [DoesNotReturn, StackTraceHidden]
    public static void Argument(FormattableString message, string? name = null) =>
        throw new ArgumentException(Invariant(message), name);

    [DoesNotReturn, StackTraceHidden]
    public static void OutOfRange(FormattableString message, string? name = null) =>
        throw new ArgumentOutOfRangeException(name, Invariant(message));

    [DoesNotReturn, StackTraceHidden]
    public static void NegativeSize(int value, string name) =>
        OutOfRange($"{name} is {value}; a size must be at least 0.", name);

    [DoesNotReturn, StackTraceHidden]
    public static void TooShort(int length, int rows, int columns, int pitch, long needed, string name) =>
        Argument($"{name} has {length} elements; [{rows} × {columns}] with {pitch} from row to row needs {needed}.", name);

    [DoesNotReturn, StackTraceHidden]
    public static void TooLong(int length, int rows, int columns, long needed, string name, string ldName) =>
        Argument($"{name} has {length} elements; [{rows} × {columns}] needs exactly {needed} unless {ldName} is given.", name);

    [DoesNotReturn, StackTraceHidden]
    public static void WrongLength(int length, long needed, string what, string name) =>
        Argument($"{name} has {length} elements; it needs {needed}: {what}.", name);

    [DoesNotReturn, StackTraceHidden]
    public static void Overlap(string output, string input) =>
        Argument($"{output} overlaps {input}.", output);
}
