// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>McNemar's exact test: whether two classifiers that answered for the same rows are right equally often. Only the rows
/// count on which one is right and the other wrong; if neither is better, each of them falls to either side like a coin.</summary>
public sealed record McNemarTest
{
    private const double Negligible = 1e-17;

    private McNemarTest(int onlyFirst, int onlySecond) =>
        (OnlyFirst, OnlySecond, PValue) = (onlyFirst, onlySecond, TwoSided(Math.Min(onlyFirst, onlySecond), onlyFirst + onlySecond));

    /// <summary>Rows that only the first classifier has right.</summary>
    public int OnlyFirst { get; }

    /// <summary>Rows that only the second classifier has right.</summary>
    public int OnlySecond { get; }

    /// <summary>The probability of a difference at least as large if neither is better:
    /// <c>min(1, 2·Σ C(n, i)/2ⁿ)</c> over <c>i</c> from 0 to the smaller of the two counts, <c>n</c> being their sum.</summary>
    public double PValue { get; }

    /// <summary>Compares two classifiers.</summary>
    /// <param name="first">Whether the first one is right, for each row.</param>
    /// <param name="second">Whether the second one is right, for each row.</param>
    /// <exception cref="ArgumentException">They are of different length.</exception>
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
