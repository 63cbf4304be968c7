// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Tables.Encodings;

/// <summary>Numbers that people write in ways of their own: <c>1.234,5</c>, <c>$1,234</c>, <c>12 %</c>.</summary>
/// <param name="Decimal">The decimal separator.</param>
/// <param name="Thousands">The character between groups of three digits, if there is one.</param>
/// <param name="Units">Whether currency and percent signs around a number are left out.</param>
internal readonly record struct WrittenNumber(char Decimal, char? Thousands, bool Units)
{
    /// <summary>The maximum number of characters of a cell that is examined.</summary>
    public const int Longest = 64;

    /// <summary>Writes a number without its units and without the separators between its groups, with a decimal point.</summary>
    /// <param name="cell">The number as it was written.</param>
    /// <param name="plain">Receives the plain number: room for <see cref="Longest"/> characters and one more.</param>
    /// <param name="length">Characters of the plain number.</param>
    /// <returns>Whether the separators stand where they can; whether the rest is a number is for a parser to say.</returns>
    public bool TryMakePlain(ReadOnlySpan<char> cell, Span<char> plain, out int length)
    {
        length = 0;
        cell = cell.Trim();
        if (cell.Length > Longest) return false;
        char sign = '\0';
        if (Units) cell = WithoutUnits(cell, out sign);
        if (sign != '\0') plain[length++] = sign;
        return TryRemoveThousands(cell, plain, ref length);
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
        ReadOnlySpan<char> whole = end < 0 ? cell : cell[..end], part = end < 0 ? [] : cell[(end + 1)..];
        int groups = 0;
        for (int i = 0; i < whole.Length; i++)
        {
            if (whole[i] != Thousands)
            {
                plain[length++] = whole[i];
                continue;
            }

            int digits = whole[(i + 1)..].IndexOf(whole[i]) is int next and >= 0 ? next : whole.Length - i - 1;
            int before = groups++ == 0 ? whole[..i].TrimStart("+-").Length : 3;
            if (digits != 3 || before is < 1 or > 3) return false;
        }

        if (plain[..length].Contains('.') || part.Contains('.')) return false; // the point is not a decimal separator here
        if (end >= 0) plain[length++] = '.';
        part.CopyTo(plain[length..]);
        length += part.Length;
        return true;
    }
}
