// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>Errors of probabilities. Each is null without rows, and if a probability is NaN.</summary>
internal readonly record struct ProbabilityErrors(double? LogLoss, double? Brier, double? Calibration)
{
    // The distance from 1 to the next number. Smaller probabilities are replaced by it, as in scikit-learn.
    private const double Smallest = 1.0 / (1L << 52);

    public static ProbabilityErrors Of(ClassProbabilities probabilities, ReadOnlySpan<int> labels, RowWeights weights)
    {
        double log = 0, square = 0, total = 0;
        CalibrationBins bins = new();
        for (int row = 0; row < labels.Length; row++)
        {
            int best = probabilities.MostProbable(row);
            if (best == Mlp.NoClass) return default;
            double weight = weights[row];
            total += weight;
            log -= weight * PortableLog.Of(Math.Clamp(probabilities[row, labels[row]], Smallest, 1 - Smallest));
            square += weight * SquaredError(probabilities, row, labels[row]);
            int judged = probabilities.AreBinary ? 1 : best;
            bins.Add(probabilities[row, judged], labels[row] == judged, weight);
        }

        return new(Ratio.Of(log, total), Ratio.Of(square, total), Ratio.Of(bins.Gap, total));
    }

    // With two classes, only class 1 counts, as in scikit-learn. Otherwise the same error would count twice.
    private static double SquaredError(ClassProbabilities probabilities, int row, int label)
    {
        double sum = 0;
        for (int c = probabilities.AreBinary ? 1 : 0; c < probabilities.Classes; c++)
        {
            double error = probabilities[row, c] - (c == label ? 1 : 0);
            sum += error * error;
        }

        return sum;
    }
}
