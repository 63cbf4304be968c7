// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Reports.Records;

/// <summary>The figures of a regression test on bootstrap samples.</summary>
internal sealed class TargetStatistics(TestRecord test, int name)
{
    /// <summary>The number of figures.</summary>
    public const int Count = 4;

    private readonly double[] _actual = test.Column(test.Targets, name);
    private readonly double[] _errors = [.. test.Column(test.Scores, name).Zip(test.Column(test.Targets, name), (score, target) => score - target)];

    /// <summary>Computes R², RMSE, MAE, and the mean error.</summary>
    public void Compute(ReadOnlySpan<int> counts, Span<double> values)
    {
        double total = 0, actual = 0, errors = 0, absolutes = 0, squares = 0;
        for (int row = 0; row < counts.Length; row++)
        {
            if (WeightOf(row, counts) is not (> 0 and var weight))
                continue;
            total += weight;
            actual += weight * _actual[row];
            errors += weight * _errors[row];
            absolutes += weight * Math.Abs(_errors[row]);
            squares += weight * (_errors[row] * _errors[row]);
        }

        ReadOnlySpan<double> figures = [1 - (squares / SquaresAround(actual / total, counts)), Math.Sqrt(squares / total), absolutes / total, errors / total];
        figures.CopyTo(values);
    }

    private double SquaresAround(double mean, ReadOnlySpan<int> counts)
    {
        double squares = 0;
        for (int row = 0; row < counts.Length; row++)
            squares += WeightOf(row, counts) * ((_actual[row] - mean) * (_actual[row] - mean));
        return squares;
    }

    private double WeightOf(int row, ReadOnlySpan<int> counts) => test.Weights.Length == 0 ? counts[row] : counts[row] * test.Weights[row];
}
