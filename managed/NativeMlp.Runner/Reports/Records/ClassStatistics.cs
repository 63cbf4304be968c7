// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>The figures of a classification test on bootstrap samples. Each function takes the number of times that each row occurs in the
/// sample.</summary>
internal sealed class ClassStatistics
{
    // With more classes, the intervals of the rank-based figures would take longer than the training.
    private const int MostRanked = 20;

    private readonly TestRecord _test;
    private readonly double[] _weights;
    private readonly double[] _logLosses;
    private readonly double[] _squares;
    private readonly double[] _right;
    private readonly (ScoreRanking Ranking, bool[] Positive)[] _classes;

    public ClassStatistics(TestRecord test)
    {
        _test = test;
        _weights = new double[test.Rows];
        _right = [.. Enumerable.Range(0, test.Rows).Select(row => test.Answers[row] == test.Classes[row] ? 1.0 : 0)];
        _logLosses = OfEachRow(m => m.LogLoss);
        _squares = OfEachRow(m => m.Brier);
        IEnumerable<int> judged = test.Width == 2 ? [1] : test.Width > MostRanked ? [] : Enumerable.Range(0, test.Width);
        _classes = [.. judged.Select(c => (ScoreRanking.Of(test.Column(test.Scores, c)), (bool[])[.. test.Classes.Select(label => label == c)]))
            .Where(c => c.Item1 is not null).Select(c => (c.Item1!, c.Item2))];
    }

    public double Accuracy(ReadOnlySpan<int> counts) => Mean(_right, counts);

    public double LogLoss(ReadOnlySpan<int> counts) => Mean(_logLosses, counts);

    public double Brier(ReadOnlySpan<int> counts) => Mean(_squares, counts);

    public double BalancedAccuracy(ReadOnlySpan<int> counts) => Tally(counts).BalancedAccuracy ?? double.NaN;

    public double MacroF1(ReadOnlySpan<int> counts) => Tally(counts).MacroF1 ?? double.NaN;

    public double Matthews(ReadOnlySpan<int> counts) => Tally(counts).Matthews ?? double.NaN;

    public double RocAuc(ReadOnlySpan<int> counts) => Ranked(counts, ranked => ranked.RocAuc);

    public double AveragePrecision(ReadOnlySpan<int> counts) => Ranked(counts, ranked => ranked.AveragePrecision);

    // Evaluates each row alone, with the same code as all rows. With two classes, only the second counts.
    private double[] OfEachRow(Func<ProbabilityErrors, double?> figure) => [.. Enumerable.Range(0, _test.Rows).Select(row =>
        figure(ProbabilityErrors.Of(_test.Width == 2 ? new ClassProbabilities(_test[row][1..], 1, 1) : new ClassProbabilities(_test[row], _test.Width, 1), [_test.Classes[row]], default)) ?? double.NaN)];

    private double Mean(double[] values, ReadOnlySpan<int> counts)
    {
        double sum = 0, total = 0;
        for (int row = 0; row < values.Length; row++)
        {
            double weight = WeightOf(row, counts);
            sum += weight * values[row];
            total += weight;
        }

        return sum / total;
    }

    private ClassTally Tally(ReadOnlySpan<int> counts)
    {
        ClassTally tally = new(_test.Width);
        for (int row = 0; row < counts.Length; row++)
        {
            if (counts[row] > 0)
                tally.Add(_test.Classes[row], _test.Answers[row], WeightOf(row, counts));
        }

        return tally;
    }

    private double Ranked(ReadOnlySpan<int> counts, Func<RankedScores, double?> figure)
    {
        for (int row = 0; row < counts.Length; row++)
            _weights[row] = WeightOf(row, counts);
        double sum = 0;
        foreach ((ScoreRanking ranking, bool[] positive) in _classes)
            sum += figure(ranking.Measure(positive, new RowWeights(_weights, _weights.Length))) ?? double.NaN;
        return sum / _classes.Length;
    }

    private double WeightOf(int row, ReadOnlySpan<int> counts) => _test.Weights.Length == 0 ? counts[row] : counts[row] * _test.Weights[row];
}
