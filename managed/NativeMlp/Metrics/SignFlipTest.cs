// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>The sign-flip permutation test: whether the differences of two measurements of the same rows, such as the squared errors
/// of two models, have the mean 0. If neither is greater, each difference could as well have the other sign.</summary>
public sealed record SignFlipTest
{
    /// <summary>The number of random choices of signs if there are too many to use all.</summary>
    public const int Samples = 9999;

    // 2¹³ choices of signs are fewer than the random ones.
    private const int MostTriedOut = 13;

    private SignFlipTest(double mean, double pValue) => (MeanDifference, PValue) = (mean, pValue);

    /// <summary>The mean of the differences; NaN, as is the probability, if one of them or their sum is not finite.</summary>
    public double MeanDifference { get; }

    /// <summary>The part of all choices of signs whose mean is at least as far from 0; with more than 13 rows of
    /// 9,999 random choices and the true one.</summary>
    public double PValue { get; }

    /// <summary>Judges the differences of two measurements.</summary>
    /// <param name="differences">The first measurement minus the second, for each row.</param>
    /// <param name="seed">Decides which signs are tried.</param>
    /// <exception cref="ArgumentException">There are no differences.</exception>
    public static SignFlipTest Compute(ReadOnlySpan<double> differences, ulong seed = 1)
    {
        if (differences.IsEmpty) Throw.Argument($"differences is empty; there must be one for each row.", nameof(differences));
        double sum = 0, size = 0;
        foreach (double difference in differences)
        {
            sum += difference;
            size += Math.Abs(difference);
        }

        if (!double.IsFinite(size)) return new SignFlipTest(double.NaN, double.NaN);

        // Sums in another order than the true one must not count as smaller for their rounding.
        double limit = Math.Abs(sum) - (1e-12 * size);
        double p = differences.Length <= MostTriedOut ? TryAll(differences, limit) : TrySome(differences, limit, seed);
        return new SignFlipTest(sum / differences.Length, p);
    }

    private static double TryAll(ReadOnlySpan<double> differences, double limit)
    {
        int choices = 1 << differences.Length, far = 0;
        for (int signs = 0; signs < choices; signs++)
        {
            if (Math.Abs(Sum(differences, (ulong)signs)) >= limit) far++;
        }

        return far / (double)choices;
    }

    private static double TrySome(ReadOnlySpan<double> differences, double limit, ulong seed)
    {
        RandomDraws draws = new(seed);
        int far = 1;
        for (int sample = 0; sample < Samples; sample++)
        {
            double sum = 0;
            for (int first = 0; first < differences.Length; first += 64)
                sum += Sum(differences[first..Math.Min(first + 64, differences.Length)], draws.Next());
            if (Math.Abs(sum) >= limit) far++;
        }

        return far / (double)(Samples + 1);
    }

    // At most 64 differences, with the sign that each has a bit for.
    private static double Sum(ReadOnlySpan<double> differences, ulong signs)
    {
        double sum = 0;
        for (int i = 0; i < differences.Length; i++) sum += ((signs >> i) & 1) == 0 ? differences[i] : -differences[i];
        return sum;
    }
}
