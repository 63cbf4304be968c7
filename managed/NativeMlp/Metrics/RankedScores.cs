// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>The rank-based metrics of the scores of two classes, over all thresholds.</summary>
/// <param name="RocAuc">The area under the ROC curve; null if only one class occurs.</param>
/// <param name="AveragePrecision">Precision at each threshold, weighted by the recall that it adds; null without positive rows.</param>
internal readonly record struct RankedScores(double? RocAuc, double? AveragePrecision)
{
    /// <summary>Passes the rows by descending score, all rows of the same score at once.</summary>
    public static RankedScores Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive, RowWeights weights) =>
        ScoreRanking.Of(scores)?.Measure(positive, weights) ?? default;
}

/// <summary>The rows by descending score, sorted once to be measured with several weights.</summary>
internal sealed class ScoreRanking
{
    private readonly double[] _keys;
    private readonly int[] _rows;

    private ScoreRanking(double[] keys) => (_keys, _rows) = (keys, StableOrder.Sort(keys));

    /// <returns>The rows; null if a score is NaN, because there is no order then.</returns>
    public static ScoreRanking? Of(ReadOnlySpan<double> scores)
    {
        double[] keys = new double[scores.Length]; // for an ascending sort
        for (int row = 0; row < keys.Length; row++)
        {
            if (double.IsNaN(scores[row])) return null;
            keys[row] = -scores[row];
        }

        return new ScoreRanking(keys);
    }

    public RankedScores Measure(ReadOnlySpan<bool> positive, RowWeights weights)
    {
        double truePositives = 0, falsePositives = 0, area = 0, precision = 0;
        for (int first = 0; first < _rows.Length;)
        {
            int count = StableOrder.CountEqual(_keys.AsSpan(first));
            (double right, double wrong) = Weigh(_rows.AsSpan(first, count), positive, weights);
            area += wrong * (truePositives + (right / 2));
            truePositives += right;
            falsePositives += wrong;
            if (right > 0) precision += right * (truePositives / (truePositives + falsePositives));
            first += count;
        }

        return new(Ratio.Of(area, truePositives * falsePositives), Ratio.Of(precision, truePositives));
    }

    /// <summary>The weight of the other rows and of the positive ones, down to each score.</summary>
    public List<(double Wrong, double Right)> Accumulate(ReadOnlySpan<bool> positive, RowWeights weights)
    {
        List<(double, double)> counts = [];
        double right = 0, wrong = 0;
        for (int first = 0; first < _rows.Length;)
        {
            int count = StableOrder.CountEqual(_keys.AsSpan(first));
            (double more, double others) = Weigh(_rows.AsSpan(first, count), positive, weights);
            counts.Add((wrong += others, right += more));
            first += count;
        }

        return counts;
    }

    private static (double Right, double Wrong) Weigh(ReadOnlySpan<int> rows, ReadOnlySpan<bool> positive, RowWeights weights)
    {
        double right = 0, wrong = 0;
        foreach (int row in rows)
        {
            if (positive[row]) right += weights[row];
            else wrong += weights[row];
        }

        return (right, wrong);
    }
}
