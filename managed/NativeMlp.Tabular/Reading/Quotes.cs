// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Reading;

/// <summary>Cells between quotation marks, in which a doubled mark stands for one (RFC 4180).</summary>
internal static class Quotes
{
    public const char Mark = '"';

    /// <summary>What a cell says, without the marks around it.</summary>
    /// <param name="cell">The cell as it is written.</param>
    /// <param name="buffer">Holds the value where marks had to be removed from within; grows as needed.</param>
    /// <param name="value">What it says, valid as long as both.</param>
    /// <returns>False if there is a mark in a cell that does not begin with one, or text behind the closing one.</returns>
    public static bool TryRemove(ReadOnlySpan<char> cell, ref char[] buffer, out ReadOnlySpan<char> value)
    {
        value = cell;
        if (!cell.Contains(Mark)) return true;
        ReadOnlySpan<char> outer = cell.Trim(' ');
        if (outer.Length < 2 || outer[0] != Mark || outer[^1] != Mark) return false;
        value = outer[1..^1];
        return !value.Contains(Mark) || TryUndouble(value, ref buffer, out value);
    }

    private static bool TryUndouble(ReadOnlySpan<char> inner, ref char[] buffer, out ReadOnlySpan<char> value)
    {
        if (buffer.Length < inner.Length) buffer = new char[inner.Length];
        int length = 0;
        value = default;
        for (int i = 0; i < inner.Length; i++)
        {
            if (inner[i] == Mark && (++i == inner.Length || inner[i] != Mark)) return false;
            buffer[length++] = inner[i];
        }

        value = buffer.AsSpan(0, length);
        return true;
    }
}
