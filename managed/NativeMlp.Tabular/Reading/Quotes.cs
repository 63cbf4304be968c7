// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Reading;

/// <summary>Cells in quotation marks, in which a doubled quotation mark means a single one (RFC 4180).</summary>
internal static class Quotes
{
    public const char Mark = '"';

    /// <summary>Returns the value of a cell, without the quotation marks around it.</summary>
    /// <param name="cell">The raw text of the cell.</param>
    /// <param name="buffer">A buffer for a value from which inner quotation marks were removed. It grows as needed.</param>
    /// <param name="value">The value, valid as long as the cell and the buffer.</param>
    /// <returns>False if a cell contains a quotation mark but does not begin with one, or if there is text after the closing one.</returns>
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
