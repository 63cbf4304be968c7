// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>Student's t distribution.</summary>
internal static class StudentT
{
    // The same quantile of the normal distribution.
    public const double Normal = 1.959963984540054;

    private static readonly double[] s_fewDegrees = [12.706204736, 4.302652730, 3.182446305, 2.776445105];

    /// <summary>The 0.975 quantile: 95 % of the distribution are between it and its negative.</summary>
    /// <param name="degrees">Degrees of freedom, at least 1. From 5 on the quantile is an expansion in their reciprocal, right to 3e-4.</param>
    public static double TwoSided95(int degrees)
    {
        if (degrees <= s_fewDegrees.Length) return s_fewDegrees[degrees - 1];
        const double z = Normal, z2 = z * z;
        const double first = z * (z2 + 1) / 4;
        const double second = z * ((((5 * z2) + 16) * z2) + 3) / 96;
        const double third = z * ((((((3 * z2) + 19) * z2) + 17) * z2) - 15) / 384;
        const double fourth = z * ((((((((79 * z2) + 776) * z2) + 1482) * z2) - 1920) * z2) - 945) / 92160;
        double n = degrees;
        return z + ((first + ((second + ((third + (fourth / n)) / n)) / n)) / n);
    }
}
