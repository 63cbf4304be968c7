// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>Confidence intervals by the percentile bootstrap: a statistic is computed on samples that are drawn from the rows
/// with replacement, and the interval contains the middle 95 % of its values.</summary>
public static class Bootstrap
{
    /// <summary>The default number of samples.</summary>
    public const int DefaultSamples = 1000;

    private const double Tail = 0.025;
    private const double LeastDefined = 0.9;

    /// <summary>Computes the interval of each statistic. All statistics use the same samples.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="statistics">The statistics. Each computes its value from the number of times that each row occurs in the sample; NaN if it is
    /// undefined.</param>
    /// <param name="samples">The number of samples.</param>
    /// <param name="seed">The seed of the samples.</param>
    /// <returns>One for each statistic; null if it is not defined on more than a tenth of the samples, or if there is only one row.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no rows or no samples.</exception>
    public static IReadOnlyList<ConfidenceInterval?> Intervals(
        int rows, IReadOnlyList<Func<ReadOnlySpan<int>, double>> statistics, int samples = DefaultSamples, ulong seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentNullException.ThrowIfNull(statistics);
        if (rows == 1) return new ConfidenceInterval?[statistics.Count]; // every sample would be that row
        double[][] values = [.. statistics.Select(_ => new double[samples])];
        int[] counts = new int[rows];
        RandomDraws draws = new(seed);
        for (int sample = 0; sample < samples; sample++)
        {
            Draw(ref draws, counts);
            for (int i = 0; i < values.Length; i++) values[i][sample] = statistics[i](counts);
        }

        return [.. values.Select(Middle)];
    }

    private static void Draw(ref RandomDraws draws, int[] counts)
    {
        Array.Clear(counts);
        for (int i = 0; i < counts.Length; i++) counts[draws.Below(counts.Length)]++;
    }

    private static ConfidenceInterval? Middle(double[] values)
    {
        double[] defined = [.. values.Where(double.IsFinite)];
        if (defined.Length < LeastDefined * values.Length) return null;
        Quantiles quantiles = new(defined, default);
        return new ConfidenceInterval(quantiles.At(Tail), quantiles.At(1 - Tail));
    }
}
