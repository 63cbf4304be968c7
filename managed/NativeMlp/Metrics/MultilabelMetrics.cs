// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>
/// Metrics of the predictions of labels, of which a row can have any number. The definitions are those of scikit-learn. An undefined metric is
/// null and never NaN.
/// </summary>
/// <remarks>All sums are in the order of the rows, so equal arguments result in equal bits. A label whose probability is NaN counts as
/// incorrect.</remarks>
public sealed record MultilabelMetrics
{
    private MultilabelMetrics(ClassificationMetrics[] labels)
    {
        ClassMetrics[] holding = [.. labels.Select(label => label.Classes[1])];
        MicroF1 = Ratio.Of(2 * holding.Sum(label => label.TruePositives), holding.Sum(label => label.Support + label.Predicted));
        MacroF1 = labels[0].Weight > 0 ? holding.Average(label => label.F1 ?? 0) : null;
        WeightedF1 = Ratio.Of(holding.Sum(label => label.Support * (label.F1 ?? 0)), holding.Sum(label => label.Support));
        RocAuc = holding.Average(label => label.RocAuc);
        AveragePrecision = holding.Average(label => label.AveragePrecision);
        LogLoss = labels.Average(label => label.LogLoss);
        Brier = labels.Average(label => label.Brier);
        Labels = labels;
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; private init; }

    /// <summary>The sum of the weights of the rows: their number if they have none.</summary>
    public double Weight => Labels[0].Weight;

    /// <summary>The share of the rows whose labels were all predicted correctly.</summary>
    public double? SubsetAccuracy { get; private init; }

    /// <summary>The share of the labels of all rows that were predicted incorrectly.</summary>
    public double? HammingLoss { get; private init; }

    /// <summary>F1 of all labels of all rows together.</summary>
    public double? MicroF1 { get; }

    /// <summary>The mean F1 of the labels. A label that no row has and that is never predicted counts as 0.</summary>
    public double? MacroF1 { get; }

    /// <summary>The mean F1 of the labels, each weighted by the rows that have it.</summary>
    public double? WeightedF1 { get; }

    /// <summary>The mean area under the ROC curve of the labels for which it is defined.</summary>
    public double? RocAuc { get; }

    /// <summary>The mean average precision of the labels that rows have.</summary>
    public double? AveragePrecision { get; }

    /// <summary>The mean <see cref="ClassificationMetrics.LogLoss"/> of the labels.</summary>
    public double? LogLoss { get; }

    /// <summary>The mean <see cref="ClassificationMetrics.Brier"/> of the labels.</summary>
    public double? Brier { get; }

    /// <summary>The metrics of each label, where class 1 means that a row has the label.</summary>
    public IReadOnlyList<ClassificationMetrics> Labels { get; }

    /// <summary>Evaluates predictions of several labels.</summary>
    /// <param name="probabilities">For each row the probability of each label, <c>[rows × labels]</c>.</param>
    /// <param name="labels">The number of labels, at least 1.</param>
    /// <param name="actual">For each row whether each label holds, <c>[rows × labels]</c>.</param>
    /// <param name="weights">For each row its weight, or nothing.</param>
    /// <param name="predicted">For each row whether each label was predicted to hold, or nothing: then it is where the probability is above ½.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability, weight or <paramref name="labels"/> is not allowed.</exception>
    public static MultilabelMetrics Compute(
        ReadOnlySpan<double> probabilities, int labels, ReadOnlySpan<bool> actual, ReadOnlySpan<double> weights = default, ReadOnlySpan<bool> predicted = default)
    {
        Check.AtLeastOne(labels);
        Check.Length(actual.Length, probabilities.Length, "one for each probability", nameof(actual));
        if (actual.Length % labels != 0) Throw.Argument($"actual has {actual.Length} elements, which is not a multiple of {labels} labels.", nameof(actual));
        if (!predicted.IsEmpty) Check.Length(predicted.Length, actual.Length, "one for each label of each row", nameof(predicted));
        int rows = actual.Length / labels;
        RowErrors errors = RowErrors.Of(probabilities, labels, actual, new RowWeights(weights, rows), predicted);
        ClassificationMetrics[] each = new ClassificationMetrics[labels];
        for (int label = 0; label < labels; label++) each[label] = OneLabel(label, probabilities, labels, actual, weights, predicted);
        return new MultilabelMetrics(each)
        {
            Rows = rows,
            SubsetAccuracy = Ratio.Of(errors.FaultlessRows, errors.Total),
            HammingLoss = Ratio.Of(errors.WrongLabels, errors.Total * labels),
        };
    }

    private static ClassificationMetrics OneLabel(
        int label, ReadOnlySpan<double> probabilities, int labels, ReadOnlySpan<bool> actual, ReadOnlySpan<double> weights, ReadOnlySpan<bool> predicted)
    {
        int rows = actual.Length / labels;
        double[] column = new double[rows];
        int[] truth = new int[rows], answers = new int[rows];
        for (int row = 0, i = label; row < rows; row++, i += labels)
        {
            column[row] = probabilities[i];
            truth[row] = actual[i] ? 1 : 0;
            answers[row] = Answer(i, probabilities, predicted);
        }

        return ClassificationMetrics.Binary(column, truth, weights, answers);
    }

    private static int Answer(int i, ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> predicted)
    {
        if (double.IsNaN(probabilities[i])) return Mlp.NoClass;
        return (predicted.IsEmpty ? probabilities[i] > 0.5 : predicted[i]) ? 1 : 0;
    }

    private readonly record struct RowErrors(double Total, double FaultlessRows, double WrongLabels)
    {
        public static RowErrors Of(ReadOnlySpan<double> probabilities, int labels, ReadOnlySpan<bool> actual, RowWeights weights, ReadOnlySpan<bool> predicted)
        {
            double total = 0, faultless = 0, wrongLabels = 0;
            for (int row = 0; row < actual.Length / labels; row++)
            {
                int wrong = 0;
                for (int i = row * labels; i < (row + 1) * labels; i++)
                {
                    if (Answer(i, probabilities, predicted) != (actual[i] ? 1 : 0)) wrong++;
                }

                total += weights[row];
                wrongLabels += wrong * weights[row];
                if (wrong == 0) faultless += weights[row];
            }

            return new(total, faultless, wrongLabels);
        }
    }
}
