// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Reports.Records;

/// <summary>The figures of a regression test on bootstrap samples. Each function takes the number of times that each row occurs in the
/// sample.</summary>
internal sealed class TargetStatistics(TestRecord test, int name)
{
    private readonly double[] _actual = test.Column(test.Targets, name);
    private readonly double[] _errors = [.. test.Column(test.Scores, name).Zip(test.Column(test.Targets, name), (score, target) => score - target)];

    public double R2(ReadOnlySpan<int> counts)
    {
        double mean = Mean(counts, row => _actual[row]);
        return 1 - (Mean(counts, row => _errors[row] * _errors[row]) / Mean(counts, row => (_actual[row] - mean) * (_actual[row] - mean)));
    }

    public double Rmse(ReadOnlySpan<int> counts) => Math.Sqrt(Mean(counts, row => _errors[row] * _errors[row]));

    public double Mae(ReadOnlySpan<int> counts) => Mean(counts, row => Math.Abs(_errors[row]));

    public double MeanError(ReadOnlySpan<int> counts) => Mean(counts, row => _errors[row]);

    private double Mean(ReadOnlySpan<int> counts, Func<int, double> value)
    {
        double sum = 0, total = 0;
        for (int row = 0; row < counts.Length; row++)
        {
            double weight = test.Weights.Length == 0 ? counts[row] : counts[row] * test.Weights[row];
            if (weight == 0)
                continue;
            sum += weight * value(row);
            total += weight;
        }

        return sum / total;
    }
}
