// SPDX-License-Identifier: MIT
using System.Runtime.CompilerServices;

namespace NativeMlp.Metrics;

/// <summary>The rank-based metrics of the scores of two classes, over all thresholds.</summary>
/// <param name="RocAuc">The area under the ROC curve; null if only one class occurs.</param>
/// <param name="AveragePrecision">Precision at each threshold, weighted by the recall that it adds; null without positive rows.</param>
internal readonly record struct RankedScores(double? RocAuc, double? AveragePrecision)
{
    /// <summary>Passes the rows by descending score, all rows of the same score at once.</summary>
    public static RankedScores Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive, RowWeights weights) =>
        ScoreRanking.Of(scores, positive)?.Measure(weights) ?? default;
}

/// <summary>The rows of two classes by descending score, sorted once to be measured with several weights.</summary>
internal sealed class ScoreRanking
{
    private readonly double[] _keys;
    private readonly int[] _rows;
    private readonly bool[] _positive; // in the order of the rows here

    private ScoreRanking(double[] keys, ReadOnlySpan<bool> positive)
    {
        (_keys, _rows, _positive) = (keys, StableOrder.Sort(keys), new bool[keys.Length]);
        for (int i = 0; i < keys.Length; i++) _positive[i] = positive[_rows[i]];
    }

    /// <param name="scores">The score of each row.</param>
    /// <param name="positive">Whether each row belongs to the class that high scores stand for.</param>
    /// <returns>The rows; null if a score is NaN, because there is no order then.</returns>
    public static ScoreRanking? Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        double[] keys = new double[scores.Length]; // for an ascending sort
        for (int row = 0; row < keys.Length; row++)
        {
            if (double.IsNaN(scores[row])) return null;
            keys[row] = -scores[row];
        }

        return new ScoreRanking(keys, positive);
    }

    public RankedScores Measure(RowWeights weights)
    {
        double truePositives = 0, falsePositives = 0, area = 0, precision = 0;
        for (int next = 0; next < _rows.Length;)
        {
            (double right, double wrong) = WeighEqual(ref next, weights);
            area += wrong * (truePositives + (right / 2));
            truePositives += right;
            falsePositives += wrong;
            if (right > 0) precision += right * (truePositives / (truePositives + falsePositives));
        }

        return new(Ratio.Of(area, truePositives * falsePositives), Ratio.Of(precision, truePositives));
    }

    /// <summary>The weight of the other rows and of the positive ones, down to each score.</summary>
    public List<(double Wrong, double Right)> Accumulate(RowWeights weights)
    {
        List<(double, double)> counts = [];
        double right = 0, wrong = 0;
        for (int next = 0; next < _rows.Length;)
        {
            (double more, double others) = WeighEqual(ref next, weights);
            counts.Add((wrong += others, right += more));
        }

        return counts;
    }

    // The weights of the rows from next on that have the same score.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (double Right, double Wrong) WeighEqual(ref int next, RowWeights weights)
    {
        double right = 0, wrong = 0, key = _keys[next];
        do
        {
            double weight = weights[_rows[next]];
            if (_positive[next]) right += weight;
            else wrong += weight;
        }
        while (++next < _keys.Length && _keys[next] == key);
        return (right, wrong);
    }
}
