// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>A figure of the test with its 95 % confidence interval.</summary>
/// <param name="Name">The name of the figure.</param>
/// <param name="Value">The value; null if it is undefined.</param>
/// <param name="Interval">The interval; null if it is unknown.</param>
/// <param name="Unitless">Whether the metric has no unit; false if it is in the units of the target.</param>
internal sealed record Measure(string Name, double? Value, ConfidenceInterval? Interval, bool Unitless = true);

/// <summary>The figures of a test with their confidence intervals: Wilson's for the accuracy, the bootstrap's for all others.</summary>
internal static class TestIntervals
{
    private const int MostDraws = 3_000_000;
    private const int LeastSamples = 200;

    /// <summary>The number of bootstrap samples for a number of rows. Many rows need fewer samples, because their figures vary less.</summary>
    public static int SamplesFor(int rows) => Math.Clamp(MostDraws / Math.Max(rows, 1), LeastSamples, Bootstrap.DefaultSamples);

    public static IReadOnlyList<Measure> Of(TestRecord test)
    {
        TableEvaluation evaluation = test.Evaluate();
        return evaluation switch
        {
            { Classification: { } classes } => OfClasses(test, classes),
            { Multilabel: { } labels } => OfLabels(test, labels),
            _ => OfTargets(test, evaluation.Targets),
        };
    }

    private static List<Measure> OfClasses(TestRecord test, ClassificationMetrics m)
    {
        IReadOnlyList<ConfidenceInterval?> intervals = Intervals(test, ClassStatistics.Count, new ClassStatistics(test).Compute);
        ConfidenceInterval? accuracy = test.Weights.Length == 0 ? ConfidenceInterval.OfProportion(test.Classes.Zip(test.Answers).LongCount(row => row.First == row.Second), test.Rows) : intervals[0];
        return
        [
            new("accuracy", m.Accuracy, accuracy), new("balanced accuracy", m.BalancedAccuracy, intervals[1]), new("F1, mean of classes", m.MacroF1, intervals[2]),
            new("ROC-AUC", m.RocAuc, intervals[3]), new("average precision", m.AveragePrecision, intervals[4]), new("log-loss", m.LogLoss, intervals[5]),
            new("Brier score", m.Brier, intervals[6]), new("Matthews correlation", m.Matthews, intervals[7]), new("calibration error", m.CalibrationError, null),
        ];
    }

    private static List<Measure> OfLabels(TestRecord test, MultilabelMetrics m)
    {
        long whole = Enumerable.Range(0, test.Rows).LongCount(row => Enumerable.Range(0, test.Width).All(name => test.Holds(row, name) == test[row][name] > test.Threshold));
        return
        [
            new("all labels right", m.SubsetAccuracy, test.Weights.Length == 0 ? ConfidenceInterval.OfProportion(whole, test.Rows) : null),
            new("F1 over all answers", m.MicroF1, null), new("F1, mean of labels", m.MacroF1, null), new("ROC-AUC", m.RocAuc, null),
            new("average precision", m.AveragePrecision, null), new("log-loss", m.LogLoss, null), new("Brier score", m.Brier, null), new("Hamming loss", m.HammingLoss, null),
        ];
    }

    private static List<Measure> OfTargets(TestRecord test, IReadOnlyList<RegressionMetrics> targets)
    {
        List<Measure> measures = [];
        for (int name = 0; name < targets.Count; name++)
        {
            RegressionMetrics m = targets[name];
            IReadOnlyList<ConfidenceInterval?> intervals = Intervals(test, TargetStatistics.Count, new TargetStatistics(test, name).Compute);
            string of = targets.Count == 1 ? "" : $" of {Printable.Text(test.Names[name], 40)}";
            measures.AddRange([new("R²" + of, m.RSquared, intervals[0]), new("RMSE" + of, m.RootMeanSquaredError, intervals[1], Unitless: false),
                new("MAE" + of, m.MeanAbsoluteError, intervals[2], Unitless: false), new("mean error" + of, m.MeanError, intervals[3], Unitless: false)]);
        }

        return measures;
    }

    private static IReadOnlyList<ConfidenceInterval?> Intervals(TestRecord test, int figures, SampleStatistics compute) =>
        Bootstrap.Intervals(test.Rows, figures, compute, SamplesFor(test.Rows));
}
