// SPDX-License-Identifier: MIT
using System.Globalization;
using csFastFloat;

namespace NativeMlp.Tabular.Reading;

/// <summary>How numbers are written: an optional sign, decimal digits with at most one decimal separator, an optional
/// exponent, with spaces around. The nearest double is read, whatever the culture.</summary>
/// <param name="Decimal">The decimal separator.</param>
/// <param name="Thousands">The character between groups of three digits, if there is one.</param>
/// <param name="Units">Whether currency and percent signs around a number are left out.</param>
internal sealed record NumberSyntax(char Decimal, char? Thousands = null, bool Units = false)
{
    private const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
    private const int LongestDecorated = 64;

    /// <summary>Reads a number; one that is too large for a double is read as an infinity.</summary>
    public bool TryParse(ReadOnlySpan<char> cell, out double value) =>
        TryParsePlain(cell, out value) || ((Thousands is not null || Units) && TryParseDecorated(cell, out value));

    private bool TryParsePlain(ReadOnlySpan<char> cell, out double value)
    {
        value = 0;
        cell = TrimSpaces(cell);
        if (cell.Length > 1 && cell[0] == '+' && cell[1] != '-') cell = cell[1..];
        // The parser would take words such as "nan" and "infinity", too.
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
        cell = cell.Trim();
        if (cell.Length > LongestDecorated) return false;
        char sign = '\0';
        if (Units) cell = WithoutUnits(cell, out sign);
        Span<char> plain = stackalloc char[LongestDecorated + 1];
        int length = 0;
        if (sign != '\0') plain[length++] = sign;
        return TryRemoveThousands(cell, plain, ref length) && TryParsePlain(plain[..length], out value);
    }

    // "-$12", "$ -12", "12 %": the sign may stand before the currency.
    private static ReadOnlySpan<char> WithoutUnits(ReadOnlySpan<char> cell, out char sign)
    {
        sign = '\0';
        if (cell.Length > 1 && cell[0] is '-' or '+' && IsUnit(cell[1]))
        {
            sign = cell[0];
            cell = cell[1..];
        }

        if (cell.Length > 0 && IsUnit(cell[0]) && cell[0] != '%') cell = cell[1..].TrimStart();
        else if (cell.Length > 0 && IsUnit(cell[^1])) cell = cell[..^1].TrimEnd();
        return cell;
    }

    private static bool IsUnit(char character) => character == '%' || char.GetUnicodeCategory(character) == UnicodeCategory.CurrencySymbol;

    // Copies the number without the separators, each of which must stand before three digits.
    private bool TryRemoveThousands(ReadOnlySpan<char> cell, Span<char> plain, ref int length)
    {
        int end = cell.IndexOf(Decimal);
        ReadOnlySpan<char> whole = end < 0 ? cell : cell[..end];
        int groups = 0;
        for (int i = 0; i < whole.Length; i++)
        {
            if (whole[i] != Thousands)
            {
                plain[length++] = whole[i];
                continue;
            }

            int digits = (whole[(i + 1)..].IndexOf(whole[i]) is int next and >= 0 ? next : whole.Length - i - 1);
            bool first = groups++ == 0;
            int before = first ? whole[..i].TrimStart("+-").Length : 3;
            if (digits != 3 || before is < 1 or > 3) return false;
        }

        (end < 0 ? [] : cell[end..]).CopyTo(plain[length..]);
        length += end < 0 ? 0 : cell.Length - end;
        return true;
    }
}
