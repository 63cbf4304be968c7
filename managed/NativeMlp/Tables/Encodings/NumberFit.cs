// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables.Encodings;

/// <summary>Learns the encoding of numbers from those of the training rows. Every sum is taken in the order of the values, so
/// that the result depends neither on the order of the rows nor on the processor.</summary>
internal static class NumberFit
{
    /// <summary>Learns an encoding.</summary>
    /// <param name="cells">A cell for each training row.</param>
    /// <param name="options">What is learned beside the scaling.</param>
    /// <param name="quantiles">Whether it is learned at all.</param>
    /// <param name="indicator">Whether there is an input for missing values, if there are any.</param>
    public static NumberEncoding Fit(ReadOnlySpan<double> cells, TableEncodingOptions options, bool quantiles, bool indicator = true)
    {
        double[] sorted = SortedNumbers(cells);
        indicator = indicator && sorted.Length > 0 && sorted.Length < cells.Length;
        double median = sorted.Length == 0 ? 0 : Quantile(sorted, 0.5);
        if (sorted.Length == 0 || sorted[0] == sorted[^1])
            return new NumberEncoding { Median = median, Center = median, Spread = 0, Clipped = false, Indicator = indicator, Knots = [], Atoms = [] };
        (double center, double spread) = quantiles ? (median, RobustSpread(sorted)) : MeanAndStdDev(sorted);
        List<ValueCount> values = quantiles ? CountValues(sorted) : [];
        return new NumberEncoding
        {
            Median = median,
            Center = center,
            Spread = spread,
            Clipped = quantiles,
            Indicator = indicator,
            Knots = quantiles ? Knots(values, sorted.Length, options.Bins) : [],
            Atoms = quantiles ? Atoms(values, options) : [],
        };
    }

    /// <summary>The mean and the standard deviation (over n) of ascending numbers.</summary>
    public static (double Mean, double StdDev) MeanAndStdDev(ReadOnlySpan<double> values)
    {
        double sum = 0, squares = 0;
        foreach (double value in values) sum += value;
        double mean = sum / values.Length;
        foreach (double value in values) squares += (value - mean) * (value - mean);
        return (mean, Math.Sqrt(squares / values.Length));
    }

    private static double[] SortedNumbers(ReadOnlySpan<double> cells)
    {
        double[] numbers = new double[cells.Length];
        int count = 0;
        foreach (double cell in cells)
        {
            if (double.IsFinite(cell)) numbers[count++] = cell;
        }

        Array.Resize(ref numbers, count);
        Array.Sort(numbers);
        return numbers;
    }

    // Between two neighbours in proportion: the seventh of Hyndman and Fan's definitions.
    private static double Quantile(double[] sorted, double part)
    {
        double place = part * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }

    // The interquartile range, or half of the whole range where half of the rows have one value.
    private static double RobustSpread(double[] sorted)
    {
        double range = Quantile(sorted, 0.75) - Quantile(sorted, 0.25);
        return range > 0 ? range : (sorted[^1] - sorted[0]) / 2;
    }

    private static List<ValueCount> CountValues(double[] sorted)
    {
        var values = new List<ValueCount>();
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            end = start + 1;
            while (end < sorted.Length && sorted[end] == sorted[start]) end++;
            values.Add(new ValueCount(sorted[start], end - start));
        }

        return values;
    }

    // Quantiles of a distribution in which a value counts at most √(rows/bins) times: otherwise one frequent value would
    // take most of the knots.
    private static double[] Knots(List<ValueCount> values, int rows, int bins)
    {
        if (values.Count <= bins + 1) return [.. values.Select(value => value.Value)];
        double most = Math.Sqrt((double)rows / bins), total = 0;
        foreach (ValueCount value in values) total += Math.Min(value.Count, most);
        var knots = new List<double> { values[0].Value };
        double below = Math.Min(values[0].Count, most);
        for (int knot = 1, at = 0; knot <= bins; knot++)
        {
            while (at < values.Count - 1 && (knot == bins || below < total * knot / bins)) below += Math.Min(values[++at].Count, most);
            if (values[at].Value > knots[^1]) knots.Add(values[at].Value);
        }

        return [.. knots];
    }

    private static double[] Atoms(List<ValueCount> values, TableEncodingOptions options) =>
    [
        .. values.Where(value => value.Count >= options.AtomRows)
            .OrderByDescending(value => value.Count).ThenBy(value => value.Value)
            .Take(options.MostAtoms).Select(value => value.Value).Order(),
    ];

    private readonly record struct ValueCount(double Value, int Count);
}
