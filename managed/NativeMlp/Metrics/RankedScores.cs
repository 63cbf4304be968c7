// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>What the order of scores says about two classes, over all thresholds.</summary>
/// <param name="RocAuc">Area under the curve of true over false positives; null where only one class occurs.</param>
/// <param name="AveragePrecision">Precision at each threshold, weighted by the recall that it adds; null without positive rows.</param>
internal readonly record struct RankedScores(double? RocAuc, double? AveragePrecision)
{
    /// <summary>Passes the rows by descending score, all rows of the same score at once.</summary>
    public static RankedScores Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive, RowWeights weights)
    {
        if (HasNaN(scores)) return default;
        double[] keys = Descending(scores);
        int[] rows = StableOrder.Sort(keys);
        double truePositives = 0, falsePositives = 0, area = 0, precision = 0;
        for (int first = 0; first < rows.Length;)
        {
            int count = StableOrder.CountEqual(keys.AsSpan(first));
            (double right, double wrong) = Weigh(rows.AsSpan(first, count), positive, weights);
            area += wrong * (truePositives + (right / 2));
            truePositives += right;
            falsePositives += wrong;
            if (right > 0) precision += right * (truePositives / (truePositives + falsePositives));
            first += count;
        }

        return new(Ratio.Of(area, truePositives * falsePositives), Ratio.Of(precision, truePositives));
    }

    private static bool HasNaN(ReadOnlySpan<double> scores)
    {
        foreach (double score in scores)
        {
            if (double.IsNaN(score)) return true;
        }

        return false;
    }

    // As keys for an ascending sort.
    private static double[] Descending(ReadOnlySpan<double> scores)
    {
        double[] keys = new double[scores.Length];
        for (int row = 0; row < keys.Length; row++) keys[row] = -scores[row];
        return keys;
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
