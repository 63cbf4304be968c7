// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>McNemar's exact test: whether two classifiers are right equally often on the same rows. Only rows on which exactly one
/// of them is right count. If neither classifier is better, each of these rows is equally likely to be right in either.</summary>
public sealed record McNemarTest
{
    private const double Negligible = 1e-17;

    private McNemarTest(int onlyFirst, int onlySecond) =>
        (OnlyFirst, OnlySecond, PValue) = (onlyFirst, onlySecond, TwoSided(Math.Min(onlyFirst, onlySecond), onlyFirst + onlySecond));

    /// <summary>The number of rows on which only the first classifier is right.</summary>
    public int OnlyFirst { get; }

    /// <summary>The number of rows on which only the second classifier is right.</summary>
    public int OnlySecond { get; }

    /// <summary>The probability of a difference at least as large if neither is better:
    /// <c>min(1, 2·Σ C(n, i)/2ⁿ)</c> for <c>i</c> from 0 to the smaller of the two counts, where <c>n</c> is their sum.</summary>
    public double PValue { get; }

    /// <summary>Compares two classifiers.</summary>
    /// <param name="first">Whether the first one is right, for each row.</param>
    /// <param name="second">Whether the second one is right, for each row.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static McNemarTest Compare(ReadOnlySpan<bool> first, ReadOnlySpan<bool> second)
    {
        Check.Length(second.Length, first.Length, "one for each row", nameof(second));
        int onlyFirst = 0, onlySecond = 0;
        for (int row = 0; row < first.Length; row++)
        {
            if (first[row] && !second[row]) onlyFirst++;
            if (second[row] && !first[row]) onlySecond++;
        }

        return new McNemarTest(onlyFirst, onlySecond);
    }

    // From the greatest term down, each from the one before it. The greatest is kept as a fraction and a power of two, because
    // 2⁻ⁿ soon underflows, and because logarithms differ between operating systems in their last bits.
    private static double TwoSided(int most, int trials)
    {
        double greatest = 1;
        int exponent = -trials;
        for (int i = 1; i <= most; i++)
        {
            greatest *= (trials - most + i) / (double)i;
            int power = Math.ILogB(greatest);
            greatest = Math.ScaleB(greatest, -power);
            exponent += power;
        }

        double sum = 0, term = 1;
        for (int i = most; i >= 0 && term > sum * Negligible; i--)
        {
            sum += term;
            term *= i / (double)(trials - i + 1);
        }

        return Math.Min(1, 2 * Math.ScaleB(greatest * sum, exponent));
    }
}
