// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests.Differential;

/// <summary>
/// The rules by which rounding errors are estimated, after Higham and Mary, "A new approach to probabilistic rounding error
/// analysis" (2019). One operation in float32 has a relative error of at most <c>u = 2⁻²⁴</c>. A chain of n additions then
/// has an error of at most <c>λ·√n·u·Σ|terms|</c> with a probability of at least <c>1 − 2·exp(−λ²/2)</c>, and independent
/// errors add as squares. With <c>λ = 8</c> one of 10⁸ numbers fails by chance with a probability of about 2·10⁻⁶.
/// What is called an error here is the factor of λ.
/// </summary>
internal static class Rounding
{
    /// <summary>λ.</summary>
    public const double Confidence = 8;

    /// <summary>u, the unit roundoff of float32.</summary>
    public const double Unit = 1.0 / (1 << 24);

    /// <summary>The smallest normal number of float32: below it an error is absolute.</summary>
    public const double Smallest = 1.1754943508222875e-38;

    /// <summary>The error of a sum of so many terms.</summary>
    /// <param name="terms">Their number.</param>
    /// <param name="magnitudes">The sum of their magnitudes.</param>
    public static double Chain(int terms, double magnitudes) => Math.Sqrt(terms) * Unit * magnitudes;

    /// <summary>The error of a product, from those of its factors; what both make together counts where the factors are 0.</summary>
    public static double OfProduct(double a, double errorOfA, double b, double errorOfB) =>
        Join(a * errorOfB, errorOfA * b, Confidence * errorOfA * errorOfB);

    /// <summary>Independent errors together.</summary>
    public static double Join(double a, double b) => Math.Sqrt((a * a) + (b * b));

    /// <inheritdoc cref="Join(double, double)"/>
    public static double Join(double a, double b, double c) => Math.Sqrt((a * a) + (b * b) + (c * c));

    /// <summary>The error that a function hands on, from its values at both ends of the interval in which its argument lies:
    /// also true where the interval contains a kink or a jump.</summary>
    /// <param name="function">The function.</param>
    /// <param name="at">Its argument.</param>
    /// <param name="error">The argument's error.</param>
    public static double Through(Func<double, double> function, double at, double error)
    {
        double here = function(at), reach = Confidence * error;
        return Math.Max(Math.Abs(function(at - reach) - here), Math.Abs(function(at + reach) - here)) / Confidence;
    }
}
