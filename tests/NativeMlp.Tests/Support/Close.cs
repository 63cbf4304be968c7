// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests.Support;

/// <summary>The tolerances that the reference values' own description names.</summary>
internal static class Close
{
    /// <summary>Double precision: 1e-10 of the element (at least 1e-3 of the greatest), plus 1e-13.</summary>
    public static void Exactly(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double greatest = Greatest(expected);
        for (int i = 0; i < expected.Length; i++)
        {
            double allowed = (1e-10 * Math.Max(Math.Abs(expected[i]), 1e-3 * greatest)) + 1e-13;
            Check(expected[i], actual[i], allowed, what, i);
        }
    }

    public static void Exactly(double expected, double actual, string what) => Exactly([expected], [actual], what);

    public static void Exactly(double[,] expected, double[,] actual, string what) =>
        Exactly([.. expected.Cast<double>()], [.. actual.Cast<double>()], what);

    /// <summary>Single precision, single passes: 1e-5 of the greatest element.</summary>
    public static void InSinglePrecision(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, string what) =>
        Within(1e-5 * Math.Max(Greatest(expected), 1e-30), expected, actual, what);

    public static void Within(double allowed, ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Check(expected[i], actual[i], allowed, what, i);
    }

    private static double Greatest(ReadOnlySpan<double> values)
    {
        double greatest = 0;
        foreach (double value in values)
            greatest = Math.Max(greatest, Math.Abs(value));

        return greatest;
    }

    private static void Check(double expected, double actual, double allowed, string what, int index) =>
        Assert.True(Math.Abs(expected - actual) <= allowed, $"{what}[{index}]: {actual:R}, not {expected:R} (± {allowed:R})");
}
