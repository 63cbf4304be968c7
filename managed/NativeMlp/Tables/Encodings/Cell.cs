// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Tables.Encodings;

/// <summary>What a cell of a table says to its column: a number, the number of a category, or one of these.</summary>
internal static class Cell
{
    /// <summary>The cell is empty.</summary>
    public const double Missing = double.NaN;

    /// <summary>The cell has a value that the column does not know: a category that no training row had, or a text where a
    /// number should be.</summary>
    public const double Unknown = double.NegativeInfinity;

    // Beyond it, sums of squares would overflow.
    private const double Greatest = 1e150;

    /// <summary>A finite number, with the nearest one that can be computed with for a huge one and 0 for −0; any other
    /// number is missing.</summary>
    public static double OfNumber(double number) =>
        double.IsFinite(number) ? Math.Clamp(number, -Greatest, Greatest) + 0.0 : Missing;

    /// <summary>A text as the number that it is written as.</summary>
    public static double OfText(string? text) => text is null ? Missing
        : TryParse(text, out double number) ? OfNumber(number)
        : Unknown;

    /// <summary>Reads a number, the same in every culture.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    /// <summary>A number as the name of a category: the shortest text that reads as the same number.</summary>
    public static string NameOf(double number) => (number == 0 ? 0 : number).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The usual words for yes, and those for no; upper and lower case do not count.</summary>
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
