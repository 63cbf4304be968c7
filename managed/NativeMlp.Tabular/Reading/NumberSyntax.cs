// SPDX-License-Identifier: MIT
using System.Globalization;
using csFastFloat;
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Tabular.Reading;

/// <summary>The format of numbers: an optional sign, decimal digits with at most one decimal separator, an optional
/// exponent, and spaces around. The result is the nearest double, independently of the culture.</summary>
/// <param name="Decimal">The decimal separator.</param>
/// <param name="Thousands">The character between groups of three digits; null for none.</param>
/// <param name="Units">Whether currency and percent signs around a number are ignored.</param>
internal sealed record NumberSyntax(char Decimal, char? Thousands = null, bool Units = false)
{
    private const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private static readonly NumberSyntax s_plain = new('.');

    /// <summary>Reads a number. A number that is too large for a double becomes an infinity.</summary>
    public bool TryParse(ReadOnlySpan<char> cell, out double value) =>
        TryParsePlain(cell, out value) || ((Thousands is not null || Units) && TryParseDecorated(cell, out value));

    private bool TryParsePlain(ReadOnlySpan<char> cell, out double value)
    {
        value = 0;
        cell = TrimSpaces(cell);
        if (cell.Length > 1 && cell[0] == '+' && cell[1] != '-') cell = cell[1..];
        // The parser would also accept words such as "nan" and "infinity".
        return StartsAsNumber(cell)
            && FastDoubleParser.TryParseDouble(cell, out int used, out value, Styles, Decimal)
            && used == cell.Length;
    }

    private bool StartsAsNumber(ReadOnlySpan<char> cell)
    {
        int digit = cell.Length > 0 && cell[0] == '-' ? 1 : 0;
        if (digit < cell.Length && cell[digit] == Decimal) digit++;
        return digit < cell.Length && char.IsAsciiDigit(cell[digit]);
    }

    private static ReadOnlySpan<char> TrimSpaces(ReadOnlySpan<char> cell) =>
        cell.Length > 0 && (cell[0] <= ' ' || cell[^1] <= ' ') ? cell.Trim(" \t\r\n") : cell;

    private bool TryParseDecorated(ReadOnlySpan<char> cell, out double value)
    {
        value = 0;
        Span<char> plain = stackalloc char[WrittenNumber.Longest + 1];
        return new WrittenNumber(Decimal, Thousands, Units).TryMakePlain(cell, plain, out int length) && s_plain.TryParsePlain(plain[..length], out value);
    }
}
