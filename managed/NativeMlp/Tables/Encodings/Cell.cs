// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Tables.Encodings;

/// <summary>The value of a cell for its column: a number, the index of a category, or one of these constants.</summary>
internal static class Cell
{
    /// <summary>The cell is empty.</summary>
    public const double Missing = double.NaN;

    /// <summary>The cell has a value that is unknown to the column: a category that no training row had, or a text instead of a
    /// number.</summary>
    public const double Unknown = double.NegativeInfinity;

    // With larger numbers, sums of squares would overflow.
    private const double Greatest = 1e150;

    /// <summary>Returns a finite number, limited to a range without overflow, and 0 for −0. Any other number becomes a missing
    /// value.</summary>
    public static double OfNumber(double number) =>
        double.IsFinite(number) ? Math.Clamp(number, -Greatest, Greatest) + 0.0 : Missing;

    /// <summary>Reads a text as a number.</summary>
    public static double OfText(string? text) => text is null ? Missing
        : TryParse(text, out double number) ? OfNumber(number)
        : Unknown;

    /// <summary>Reads a number, independently of the culture.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    /// <summary>Returns a number as the name of a category: the shortest text that is read as the same number.</summary>
    public static string NameOf(double number) => (number == 0 ? 0 : number).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The usual words for yes and for no. Case is ignored.</summary>
    public static readonly string[] YesWords = ["true", "yes", "t", "y", "1", "on"], NoWords = ["false", "no", "f", "n", "0", "off"];

    /// <summary>Reads one of the usual words for yes and no.</summary>
    public static bool TryParse(string text, out bool yes)
    {
        yes = IsOneOf(text, YesWords);
        return yes || IsOneOf(text, NoWords);
    }

    private static bool IsOneOf(string text, string[] words)
    {
        foreach (string word in words)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
