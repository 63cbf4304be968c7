// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>A metric of the predictions, and whether it increases or decreases as they become worse.</summary>
/// <param name="Metric">The metric.</param>
internal sealed record Quality(QualityMetric Metric)
{
    /// <summary>The default metric of a task.</summary>
    public static Quality DefaultOf(TableTask task) => new(task == TableTask.Regression ? QualityMetric.R2 : QualityMetric.LogLoss);

    /// <summary>Whether the metric itself increases as the predictions become worse.</summary>
    public bool IsLoss => Metric is QualityMetric.LogLoss or QualityMetric.Brier or QualityMetric.Rmse or QualityMetric.Mae;

    /// <summary>The name of the metric.</summary>
    public string Name => Metric switch
    {
        QualityMetric.LogLoss => "log-loss",
        QualityMetric.BalancedAccuracy => "balanced accuracy",
        QualityMetric.F1 => "F1 (macro)",
        QualityMetric.RocAuc => "ROC-AUC",
        QualityMetric.Brier => "Brier score",
        QualityMetric.R2 => "R²",
        QualityMetric.Rmse => "RMSE",
        QualityMetric.Mae => "MAE",
        _ => "accuracy",
    };

    /// <summary>Returns the requested metric, or the default of the task.</summary>
    /// <exception cref="RunnerException">The metric is not available for this task.</exception>
    public static Quality Choose(QualityMetric? asked, TableTask task)
    {
        if (asked is not { } metric)
            return DefaultOf(task);
        QualityMetric[] possible = [.. Enum.GetValues<QualityMetric>().Where(other => IsOf(other, task))];
        return possible.Contains(metric) ? new Quality(metric) : throw RunnerException.Usage(
            $"{TableSettings.Metric.Option} {Words.Of(metric)} cannot measure {Describe(task)}; choose {Words.AnyOf(possible)}.");
    }

    /// <summary>Returns the value of the metric; null if it is undefined.</summary>
    public double? Of(TableEvaluation evaluation) => evaluation switch
    {
        { Classification: { } classes } => Of(classes),
        { Multilabel: { } labels } => Of(labels),
        _ => Of(evaluation.Targets),
    };

    private static bool IsOf(QualityMetric metric, TableTask task) =>
        metric is QualityMetric.R2 or QualityMetric.Rmse or QualityMetric.Mae ? task == TableTask.Regression
        : task != TableTask.Regression && (task != TableTask.Multilabel || metric != QualityMetric.BalancedAccuracy);

    private static string Describe(TableTask task) => task switch
    {
        TableTask.Regression => "a model that predicts numbers",
        TableTask.Multilabel => "a model that predicts several labels",
        _ => "a model that predicts a class",
    };

    private double? Of(ClassificationMetrics metrics) => Metric switch
    {
        QualityMetric.LogLoss => metrics.LogLoss,
        QualityMetric.BalancedAccuracy => metrics.BalancedAccuracy,
        QualityMetric.F1 => metrics.MacroF1,
        QualityMetric.RocAuc => metrics.RocAuc,
        QualityMetric.Brier => metrics.Brier,
        _ => metrics.Accuracy,
    };

    private double? Of(MultilabelMetrics metrics) => Metric switch
    {
        QualityMetric.LogLoss => metrics.LogLoss,
        QualityMetric.F1 => metrics.MacroF1,
        QualityMetric.RocAuc => metrics.RocAuc,
        QualityMetric.Brier => metrics.Brier,
        _ => metrics.SubsetAccuracy,
    };

    // The mean over all targets.
    private double? Of(IReadOnlyList<RegressionMetrics> targets)
    {
        double?[] values = [.. targets.Select(target => Metric switch
        {
            QualityMetric.Rmse => target.RootMeanSquaredError,
            QualityMetric.Mae => target.MeanAbsoluteError,
            _ => target.RSquared,
        })];
        return values.Contains(null) ? null : values.Average();
    }
}
