// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Training;

/// <summary>Chooses the probability above which a row belongs to the positive class.</summary>
internal static class DecisionThreshold
{
    /// <summary>Returns the threshold with the maximum value of the metric; if there are several, the one nearest to one half.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="rows">For each row, the probability of the positive class, and whether the row belongs to it.</param>
    public static double Choose(ThresholdMetric metric, IEnumerable<(double Probability, bool Positive)> rows)
    {
        (double Probability, bool Positive)[] sorted = [.. rows.OrderBy(row => row.Probability)];
        double positives = sorted.Count(row => row.Positive), negatives = sorted.Length - positives;
        double best = 0.5, greatest = double.NegativeInfinity;
        double passedPositives = 0, passedNegatives = 0; // rows below the threshold
        for (int i = 0; i <= sorted.Length; i++)
        {
            double threshold = Between(sorted, i);
            bool possible = i == 0 || i == sorted.Length || sorted[i - 1].Probability < sorted[i].Probability;
            double value = possible ? Value(metric, positives - passedPositives, negatives - passedNegatives, passedPositives, passedNegatives) : double.NaN;
            if (value > greatest || (value == greatest && Math.Abs(threshold - 0.5) < Math.Abs(best - 0.5))) (best, greatest) = (threshold, value);
            if (i == sorted.Length) break;
            if (sorted[i].Positive) passedPositives++;
            else passedNegatives++;
        }

        return best;
    }

    // The middle between two neighbours, or one half if it lies between them.
    private static double Between((double Probability, bool Positive)[] sorted, int above)
    {
        double low = above == 0 ? 0 : sorted[above - 1].Probability, high = above == sorted.Length ? 1 : sorted[above].Probability;
        return low <= 0.5 && 0.5 < high ? 0.5 : low + ((high - low) / 2);
    }

    private static double Value(ThresholdMetric metric, double truePositives, double falsePositives, double falseNegatives, double trueNegatives)
    {
        double positives = truePositives + falseNegatives, negatives = trueNegatives + falsePositives;
        return metric switch
        {
            ThresholdMetric.Accuracy => (truePositives + trueNegatives) / (positives + negatives),
            ThresholdMetric.BalancedAccuracy => (Ratio(truePositives, positives) + Ratio(trueNegatives, negatives)) / 2,
            ThresholdMetric.F1 => Ratio(2 * truePositives, (2 * truePositives) + falsePositives + falseNegatives),
            _ => Ratio((truePositives * trueNegatives) - (falsePositives * falseNegatives),
                Math.Sqrt((truePositives + falsePositives) * positives * negatives * (trueNegatives + falseNegatives))),
        };
    }

    private static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;
}
