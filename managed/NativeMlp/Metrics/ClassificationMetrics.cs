// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>
/// Metrics of the predictions of classes. The definitions are those of scikit-learn. An undefined metric, such as the area under a
/// curve if only one class occurs, is null and never NaN.
/// </summary>
/// <remarks>All sums are in the order of the rows, so equal arguments result in equal bits. A prediction of <see cref="Mlp.NoClass"/> is
/// wrong.</remarks>
public sealed record ClassificationMetrics
{
    /// <summary>The number of bins of equal width that <see cref="CalibrationError"/> uses.</summary>
    public const int CalibrationBins = 15;

    private ClassificationMetrics(ClassTally tally, ProbabilityErrors errors, IReadOnlyList<ClassMetrics> classes)
    {
        Weight = tally.Total;
        Accuracy = tally.Accuracy;
        BalancedAccuracy = tally.BalancedAccuracy;
        MacroF1 = tally.MacroF1;
        WeightedF1 = tally.WeightedF1;
        Matthews = tally.Matthews;
        (LogLoss, Brier, CalibrationError) = errors;
        Classes = classes;
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; private init; }

    /// <summary>The sum of the weights of the rows: their number if they have none.</summary>
    public double Weight { get; }

    /// <summary>The share of the rows whose class was predicted.</summary>
    public double? Accuracy { get; }

    /// <summary>The mean recall of the classes that occur.</summary>
    public double? BalancedAccuracy { get; }

    /// <summary>The mean of <see cref="ClassMetrics.F1"/> over the classes that occur or were predicted.</summary>
    public double? MacroF1 { get; }

    /// <summary>The mean of <see cref="ClassMetrics.F1"/>, each class weighted by its rows.</summary>
    public double? WeightedF1 { get; }

    /// <summary>The area under the ROC curve: of class 1 if there are two classes, otherwise the mean of each class against the rest, over the
    /// classes for which it is defined.</summary>
    public double? RocAuc { get; private init; }

    /// <summary>The average precision (area under the precision-recall curve): of class 1 if there are two classes, otherwise the mean of each
    /// class against the rest, over the classes that occur.</summary>
    public double? AveragePrecision { get; private init; }

    /// <summary>The mean of −ln p over the rows, where p is the probability of the row's class, at least 2⁻⁵².</summary>
    public double? LogLoss { get; }

    /// <summary>The mean squared error of the probability of class 1; with more than two classes, the sum over all classes.</summary>
    public double? Brier { get; }

    /// <summary>
    /// The expected calibration error: the mean difference between probability and frequency in <see cref="CalibrationBins"/> bins. The
    /// probability is that of class 1; with more than two classes, that of the most probable class.
    /// </summary>
    public double? CalibrationError { get; }

    /// <summary>Matthews' correlation coefficient, 0 if all rows have the same class or the same prediction.</summary>
    public double? Matthews { get; }

    /// <summary>The metrics of each class.</summary>
    public IReadOnlyList<ClassMetrics> Classes { get; }

    /// <summary>Evaluates predictions of two classes.</summary>
    /// <param name="probabilities">The probability of class 1 for each row.</param>
    /// <param name="labels">The class of each row, 0 or 1.</param>
    /// <param name="weights">The weight of each row, or empty.</param>
    /// <param name="predicted">The predicted class of each row. If empty, it is 1 if the probability is above ½.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability, class or weight is not allowed.</exception>
    public static ClassificationMetrics Binary(
        ReadOnlySpan<double> probabilities, ReadOnlySpan<int> labels, ReadOnlySpan<double> weights = default, ReadOnlySpan<int> predicted = default) =>
        Compute(new ClassProbabilities(probabilities, 1, labels.Length), labels, new RowWeights(weights, labels.Length), predicted);

    /// <summary>Evaluates predictions of any number of classes. Two classes are evaluated as by <see cref="Binary"/>.</summary>
    /// <param name="probabilities">The probability of each class for each row, <c>[rows × classes]</c>.</param>
    /// <param name="classes">The number of classes, at least 2.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="weights">The weight of each row, or empty.</param>
    /// <param name="predicted">The predicted class of each row. If empty, it is the first of the most probable classes.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A probability, class, weight or <paramref name="classes"/> is not allowed.</exception>
    public static ClassificationMetrics Multiclass(
        ReadOnlySpan<double> probabilities, int classes, ReadOnlySpan<int> labels, ReadOnlySpan<double> weights = default, ReadOnlySpan<int> predicted = default)
    {
        if (classes < 2) Throw.OutOfRange($"classes is {classes}; it must be at least 2.", nameof(classes));
        ClassProbabilities all = new(probabilities, classes, labels.Length);
        if (classes > 2) return Compute(all, labels, new RowWeights(weights, labels.Length), predicted);
        double[] second = new double[labels.Length];
        all.CopyScores(1, second);
        return Binary(second, labels, weights, predicted);
    }

    private static ClassificationMetrics Compute(ClassProbabilities probabilities, ReadOnlySpan<int> labels, RowWeights weights, ReadOnlySpan<int> predicted)
    {
        ClassTally tally = Tally(probabilities, labels, weights, predicted);
        ClassMetrics[] classes = EachClass(probabilities, labels, weights, tally);
        return new ClassificationMetrics(tally, ProbabilityErrors.Of(probabilities, labels, weights), classes)
        {
            Rows = labels.Length,
            RocAuc = probabilities.AreBinary ? classes[1].RocAuc : classes.Average(c => c.RocAuc),
            AveragePrecision = probabilities.AreBinary ? classes[1].AveragePrecision : classes.Average(c => c.AveragePrecision),
        };
    }

    private static ClassTally Tally(ClassProbabilities probabilities, ReadOnlySpan<int> labels, RowWeights weights, ReadOnlySpan<int> predicted)
    {
        if (!predicted.IsEmpty) Check.Length(predicted.Length, labels.Length, "one for each row", nameof(predicted));
        ClassTally tally = new(probabilities.Classes);
        for (int row = 0; row < labels.Length; row++)
        {
            int answer = predicted.IsEmpty ? probabilities.MostProbable(row) : predicted[row];
            CheckClass(labels[row], row, probabilities.Classes, nameof(labels));
            if (answer != Mlp.NoClass) CheckClass(answer, row, probabilities.Classes, nameof(predicted));
            tally.Add(labels[row], answer, weights[row]);
        }

        return tally;
    }

    private static void CheckClass(int c, int row, int classes, string name)
    {
        if ((uint)c >= (uint)classes) Throw.OutOfRange($"{name}[{row}] is {c}; with {classes} classes it must be from 0 to {classes - 1}.", name);
    }

    private static ClassMetrics[] EachClass(ClassProbabilities probabilities, ReadOnlySpan<int> labels, RowWeights weights, ClassTally tally)
    {
        ClassMetrics[] classes = new ClassMetrics[probabilities.Classes];
        double[] scores = new double[labels.Length];
        bool[] positive = new bool[labels.Length];
        for (int c = 0; c < classes.Length; c++)
        {
            probabilities.CopyScores(c, scores);
            for (int row = 0; row < labels.Length; row++) positive[row] = labels[row] == c;
            RankedScores ranked = RankedScores.Of(scores, positive, weights);
            classes[c] = new ClassMetrics
            {
                Class = c,
                Support = tally.Actual(c),
                Predicted = tally.Predicted(c),
                TruePositives = tally.Right(c),
                Precision = tally.Precision(c),
                Recall = tally.Recall(c),
                F1 = tally.F1(c),
                RocAuc = ranked.RocAuc,
                AveragePrecision = ranked.AveragePrecision,
            };
        }

        return classes;
    }
}
