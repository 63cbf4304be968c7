// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>Quantiles of values: interpolated between two rows, or, with weights, the smallest value that reaches the share.</summary>
internal sealed class Quantiles
{
    private readonly double[] _sorted;
    private readonly double[]? _reached; // with weights: the weight of all rows up to here

    public Quantiles(double[] values, RowWeights weights)
    {
        _sorted = [.. values];
        int[] rows = StableOrder.Sort(_sorted);
        if (!weights.AreGiven) return;
        _reached = new double[rows.Length];
        double sum = 0;
        for (int i = 0; i < rows.Length; i++) _reached[i] = sum += weights[rows[i]];
    }

    /// <summary>Returns the value that the share <paramref name="level"/> of the rows does not exceed.</summary>
    public double At(double level) => _reached is { } reached
        ? _sorted[Array.FindIndex(reached, weight => weight >= level * reached[^1])]
        : Interpolate(level * (_sorted.Length - 1));

    private double Interpolate(double position)
    {
        int below = (int)position, above = Math.Min(below + 1, _sorted.Length - 1);
        double share = position - below;
        return ((1 - share) * _sorted[below]) + (share * _sorted[above]);
    }
}
