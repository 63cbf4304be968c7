// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>A quantile of the errors.</summary>
/// <param name="Level">The share of the rows whose error is at most <paramref name="Error"/>, from 0 to 1.</param>
/// <param name="Error">Prediction minus value.</param>
public readonly record struct ErrorQuantile(double Level, double Error);

/// <summary>
/// How well numbers are predicted. The definitions are those of scikit-learn; what is not defined is null and never NaN. All of them are
/// null without rows and where a prediction is not finite.
/// </summary>
/// <remarks>All sums are taken in the order of the rows, so equal arguments give equal bits.</remarks>
public sealed record RegressionMetrics
{
    private static readonly double[] s_levels = [0.05, 0.25, 0.5, 0.75, 0.95];

    /// <summary>The number of rows.</summary>
    public int Rows { get; private init; }

    /// <summary>The sum of the weights of the rows: their number where they have none.</summary>
    public double Weight { get; private init; }

    /// <summary>The mean of the absolute errors (MAE).</summary>
    public double? MeanAbsoluteError { get; private init; }

    /// <summary>The square root of the mean squared error (RMSE).</summary>
    public double? RootMeanSquaredError { get; private init; }

    /// <summary>
    /// The share of the variance that the predictions explain (R²); null of a single row. Where all values are equal it is 1 if every
    /// prediction is right, and otherwise 0, as in scikit-learn.
    /// </summary>
    public double? RSquared { get; private init; }

    /// <summary>The mean of prediction minus value: above 0 where the predictions are too high.</summary>
    public double? MeanError { get; private init; }

    /// <summary>The median of the absolute errors.</summary>
    public double? MedianAbsoluteError { get; private init; }

    /// <summary>The greatest absolute error.</summary>
    public double? MaxError { get; private init; }

    /// <summary>
    /// Quantiles of prediction minus value at 5, 25, 50, 75 and 95 %; empty if there are no errors. Between two rows they are
    /// interpolated; where rows have weights, a quantile is the smallest error that reaches the share.
    /// </summary>
    public IReadOnlyList<ErrorQuantile> ErrorQuantiles { get; private init; } = [];

    /// <summary>Evaluates predictions of numbers.</summary>
    /// <param name="predicted">For each row its prediction.</param>
    /// <param name="actual">For each row its value.</param>
    /// <param name="weights">For each row its weight, or nothing.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is not finite, or a weight is not allowed.</exception>
    public static RegressionMetrics Compute(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual, ReadOnlySpan<double> weights = default)
    {
        Check.Length(predicted.Length, actual.Length, "one for each value", nameof(predicted));
        RowWeights rowWeights = new(weights, actual.Length);
        double[] errors = Errors(predicted, actual);
        double[] absolute = Array.ConvertAll(errors, Math.Abs);
        double total = Total(errors.Length, rowWeights);
        RegressionMetrics none = new() { Rows = actual.Length, Weight = total };
        if (total == 0 || !Array.TrueForAll(errors, double.IsFinite)) return none;
        return none with
        {
            MeanAbsoluteError = Ratio.Of(Sum(absolute, rowWeights), total),
            RootMeanSquaredError = Ratio.Finite(Math.Sqrt(SumOfSquares(errors, 0, rowWeights) / total)),
            RSquared = Explained(errors, actual, rowWeights, total),
            MeanError = Ratio.Of(Sum(errors, rowWeights), total),
            MedianAbsoluteError = new Quantiles(absolute, rowWeights).At(0.5),
            MaxError = absolute.Max(),
            ErrorQuantiles = Spread(new Quantiles(errors, rowWeights)),
        };
    }

    private static ErrorQuantile[] Spread(Quantiles errors) => Array.ConvertAll(s_levels, level => new ErrorQuantile(level, errors.At(level)));

    private static double[] Errors(ReadOnlySpan<double> predicted, ReadOnlySpan<double> actual)
    {
        double[] errors = new double[actual.Length];
        for (int row = 0; row < errors.Length; row++)
        {
            if (!double.IsFinite(actual[row])) Throw.OutOfRange($"actual[{row}] is {actual[row]}; it must be finite.", nameof(actual));
            errors[row] = predicted[row] - actual[row];
        }

        return errors;
    }

    private static double? Explained(double[] errors, ReadOnlySpan<double> actual, RowWeights weights, double total)
    {
        if (errors.Length < 2) return null;
        double unexplained = SumOfSquares(errors, 0, weights);
        double all = SumOfSquares(actual, Sum(actual, weights) / total, weights);
        if (all > 0) return Ratio.Finite(1 - (unexplained / all));
        return unexplained == 0 ? 1 : 0;
    }

    private static double Total(int rows, RowWeights weights)
    {
        double sum = 0;
        for (int row = 0; row < rows; row++) sum += weights[row];
        return sum;
    }

    private static double Sum(ReadOnlySpan<double> values, RowWeights weights)
    {
        double sum = 0;
        for (int row = 0; row < values.Length; row++) sum += weights[row] * values[row];
        return sum;
    }

    private static double SumOfSquares(ReadOnlySpan<double> values, double center, RowWeights weights)
    {
        double sum = 0;
        for (int row = 0; row < values.Length; row++) sum += weights[row] * (values[row] - center) * (values[row] - center);
        return sum;
    }
}
