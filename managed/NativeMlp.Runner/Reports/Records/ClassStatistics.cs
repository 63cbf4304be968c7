// SPDX-License-Identifier: MIT
using System.Buffers;
using NativeMlp.Metrics;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>The figures of a classification test on bootstrap samples.</summary>
internal sealed class ClassStatistics
{
    // With more classes, the intervals of the rank-based figures would take longer than the training.
    private const int MostRanked = 20;

    private readonly TestRecord _test;
    private readonly double[] _logLosses;
    private readonly double[] _squares;
    private readonly ScoreRanking[] _rankings;

    public ClassStatistics(TestRecord test)
    {
        _test = test;
        _logLosses = OfEachRow(m => m.LogLoss);
        _squares = OfEachRow(m => m.Brier);
        IEnumerable<int> judged = test.Width == 2 ? [1] : test.Width > MostRanked ? [] : Enumerable.Range(0, test.Width);
        _rankings = [.. judged.Select(c => ScoreRanking.Of(test.Column(test.Scores, c), [.. test.Classes.Select(label => label == c)])).OfType<ScoreRanking>()];
    }

    /// <summary>The number of figures.</summary>
    public const int Count = 8;

    /// <summary>Computes accuracy, balanced accuracy, macro F1, ROC-AUC, average precision, log-loss, Brier score, and Matthews
    /// correlation.</summary>
    public void Compute(ReadOnlySpan<int> counts, Span<double> values)
    {
        double[] rented = ArrayPool<double>.Shared.Rent(counts.Length);
        Span<double> weights = rented.AsSpan(0, counts.Length);
        for (int row = 0; row < counts.Length; row++)
            weights[row] = _test.Weights.Length == 0 ? counts[row] : counts[row] * _test.Weights[row];
        ClassTally tally = Tally(weights);
        (double auc, double precision) = Rank(weights);
        ReadOnlySpan<double> figures =
        [
            tally.Accuracy ?? double.NaN, tally.BalancedAccuracy ?? double.NaN, tally.MacroF1 ?? double.NaN, auc, precision,
            Mean(_logLosses, weights), Mean(_squares, weights), tally.Matthews ?? double.NaN,
        ];
        figures.CopyTo(values);
        ArrayPool<double>.Shared.Return(rented);
    }

    // Evaluates each row alone, with the same code as all rows. With two classes, only the second counts.
    private double[] OfEachRow(Func<ProbabilityErrors, double?> figure) => [.. Enumerable.Range(0, _test.Rows).Select(row =>
        figure(ProbabilityErrors.Of(_test.Width == 2 ? new ClassProbabilities(_test[row][1..], 1, 1) : new ClassProbabilities(_test[row], _test.Width, 1), [_test.Classes[row]], default)) ?? double.NaN)];

    private static double Mean(double[] values, ReadOnlySpan<double> weights)
    {
        double sum = 0, total = 0;
        for (int row = 0; row < values.Length; row++)
        {
            sum += weights[row] * values[row];
            total += weights[row];
        }

        return sum / total;
    }

    private ClassTally Tally(ReadOnlySpan<double> weights)
    {
        ClassTally tally = new(_test.Width);
        for (int row = 0; row < weights.Length; row++)
            tally.Add(_test.Classes[row], _test.Answers[row], weights[row]);
        return tally;
    }

    private (double RocAuc, double AveragePrecision) Rank(ReadOnlySpan<double> weights)
    {
        double auc = 0, precision = 0;
        foreach (ScoreRanking ranking in _rankings)
        {
            RankedScores ranked = ranking.Measure(RowWeights.OfValid(weights));
            auc += ranked.RocAuc ?? double.NaN;
            precision += ranked.AveragePrecision ?? double.NaN;
        }

        return (auc / _rankings.Length, precision / _rankings.Length);
    }
}
