// SPDX-License-Identifier: MIT
namespace NativeMlp.Onnx.Tests.Support;

/// <summary>How far answers lie apart.</summary>
internal static class Differences
{
    /// <summary>What other programs' answers may differ by: absolute for probabilities, relative to the largest value otherwise.</summary>
    public const double Bound = 1e-5;

    /// <summary>The greatest difference, divided by the largest value where that is greater than 1.</summary>
    public static double Relative(IReadOnlyList<double> expected, IReadOnlyList<double> actual) =>
        Greatest(expected, actual) / Math.Max(1, expected.Count == 0 ? 1 : expected.Max(Math.Abs));

    /// <summary>The greatest difference.</summary>
    public static double Greatest(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        double greatest = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            double difference = Math.Abs(expected[i] - actual[i]);
            Assert.False(double.IsNaN(difference), $"value {i}: {expected[i]} was expected, {actual[i]} found");
            greatest = Math.Max(greatest, difference);
        }

        return greatest;
    }

    public static double[] Doubles(ReadOnlySpan<float> values) => [.. values.ToArray().Select(value => (double)value)];
}
