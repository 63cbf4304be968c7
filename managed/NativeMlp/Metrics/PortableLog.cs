// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>The natural logarithm with the same bits on every system, unlike <see cref="Math.Log(double)"/>.</summary>
internal static class PortableLog
{
    private const int Terms = 11;
    private const double Ln2 = 0.69314718055994530942;

    /// <summary>
    /// <c>ln x</c> of a positive normal number. With <c>x = m·2^e</c>, <c>m</c> between √½ and √2, and <c>s = (m − 1)/(m + 1)</c> it is
    /// <c>e·ln 2 + 2(s + s³/3 + s⁵/5 + …)</c>. Because |s| is below 0.172, the truncation error of the series is below 1e-18.
    /// </summary>
    public static double Of(double x)
    {
        int exponent = Math.ILogB(x);
        double mantissa = Math.ScaleB(x, -exponent);
        if (mantissa > Math.Sqrt(2))
        {
            mantissa /= 2;
            exponent++;
        }

        double s = (mantissa - 1) / (mantissa + 1), square = s * s, series = 0;
        for (int term = Terms; term > 0; term--) series = square * (series + (1.0 / ((2 * term) + 1)));
        return (exponent * Ln2) + (2 * (s + (s * series)));
    }
}
