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

    // Each thread has a sample in memory. On a machine with many processors, those of a large test would not fit.
    private const int MostRowsAtOnce = 1 << 24;

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
        ArgumentNullException.ThrowIfNull(statistics);
        return Intervals(rows, statistics.Count, (counts, values) =>
        {
            for (int i = 0; i < values.Length; i++) values[i] = statistics[i](counts);
        }, samples, seed, isParallel: false);
    }

    /// <summary>Computes the intervals of statistics that are computed together.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="statistics">The number of statistics.</param>
    /// <param name="compute">Computes the statistics of a sample.</param>
    /// <param name="samples">The number of samples.</param>
    /// <param name="seed">The seed of the samples.</param>
    /// <param name="isParallel">Whether several threads may call <paramref name="compute"/> at the same time. The intervals do not depend
    /// on it.</param>
    /// <returns>The intervals, as above.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no rows or no samples.</exception>
    internal static IReadOnlyList<ConfidenceInterval?> Intervals(
        int rows, int statistics, SampleStatistics compute, int samples = DefaultSamples, ulong seed = 1, bool isParallel = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        if (rows == 1) return new ConfidenceInterval?[statistics]; // every sample would be that row
        double[][] results = [.. Enumerable.Range(0, statistics).Select(_ => new double[samples])];
        if (isParallel)
        {
            ParallelOptions options = new() { MaxDegreeOfParallelism = Math.Clamp(MostRowsAtOnce / rows, 1, Environment.ProcessorCount) };
            Parallel.For(0, samples, options, () => (new int[rows], new double[statistics]), (sample, _, memory) => Run(sample, memory), _ => { });
        }
        else
        {
            (int[], double[]) memory = (new int[rows], new double[statistics]);
            for (int sample = 0; sample < samples; sample++) Run(sample, memory); // exceptions reach the caller as they are
        }

        return [.. results.Select(Middle)];

        (int[], double[]) Run(int sample, (int[] Counts, double[] Values) memory)
        {
            Draw(new RandomDraws(seed).After((ulong)sample * (ulong)rows), memory.Counts);
            compute(memory.Counts, memory.Values);
            for (int i = 0; i < statistics; i++) results[i][sample] = memory.Values[i];
            return memory;
        }
    }

    private static void Draw(RandomDraws draws, int[] counts)
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

/// <summary>Computes the values of several statistics on a bootstrap sample.</summary>
/// <param name="counts">The number of times that each row occurs in the sample.</param>
/// <param name="values">Receives the value of each statistic; NaN if it is undefined.</param>
internal delegate void SampleStatistics(ReadOnlySpan<int> counts, Span<double> values);
