// SPDX-License-Identifier: MIT
using System.Text.Json.Serialization;
using NativeMlp.Metrics;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Output;

/// <summary>The lines of --json about table models. Other programs read them, so names never change.</summary>
/// <param name="Event">Always <c>metrics</c>.</param>
/// <param name="Column">The column whose values form the groups; null if all rows are evaluated.</param>
/// <param name="Group">The value of the column; null if it is missing.</param>
/// <param name="Rows">The number of evaluated rows.</param>
/// <param name="Classification">The metrics of a model that predicts a class; otherwise null.</param>
/// <param name="Multilabel">The metrics of a model that predicts several labels; otherwise null.</param>
/// <param name="Regression">The metrics of each target of a model that predicts numbers; otherwise null.</param>
internal sealed record MetricsEvent(
    string Event, string? Column, string? Group, int Rows, ClassificationValues? Classification, MultilabelValues? Multilabel,
    IReadOnlyList<RegressionValues>? Regression)
{
    public static MetricsEvent Of(TableEvaluation evaluation, TableLabels labels, string? column = null, string? group = null) => new(
        "metrics", column, group, evaluation.Rows,
        evaluation.Classification is { } classes ? ClassificationValues.Of(classes, labels.Names) : null,
        evaluation.Multilabel is { } several ? MultilabelValues.Of(several, labels.Names) : null,
        evaluation.Targets.Count > 0 ? [.. evaluation.Targets.Zip(labels.Names, RegressionValues.Of)] : null);
}

internal sealed record ClassificationValues(
    double? Accuracy, double? BalancedAccuracy, double? F1Macro, double? F1Weighted, double? RocAuc, double? PrAuc, double? LogLoss, double? Brier,
    double? CalibrationError, double? Matthews, IReadOnlyList<ClassValues> Classes)
{
    public static ClassificationValues Of(ClassificationMetrics m, IReadOnlyList<string> names) => new(
        m.Accuracy, m.BalancedAccuracy, m.MacroF1, m.WeightedF1, m.RocAuc, m.AveragePrecision, m.LogLoss, m.Brier, m.CalibrationError, m.Matthews,
        [.. m.Classes.Select(c => ClassValues.Of(c, names[c.Class]))]);
}

internal sealed record ClassValues(string Name, double Support, double Predicted, double? Precision, double? Recall, double? F1, double? RocAuc, double? PrAuc)
{
    public static ClassValues Of(ClassMetrics c, string name) =>
        new(name, c.Support, c.Predicted, c.Precision, c.Recall, c.F1, c.RocAuc, c.AveragePrecision);
}

internal sealed record MultilabelValues(
    double? SubsetAccuracy, double? HammingLoss, double? F1Micro, double? F1Macro, double? F1Weighted, double? RocAuc, double? PrAuc, double? LogLoss,
    double? Brier, IReadOnlyList<LabelValues> Labels)
{
    public static MultilabelValues Of(MultilabelMetrics m, IReadOnlyList<string> names) => new(
        m.SubsetAccuracy, m.HammingLoss, m.MicroF1, m.MacroF1, m.WeightedF1, m.RocAuc, m.AveragePrecision, m.LogLoss, m.Brier,
        [.. m.Labels.Zip(names, (label, name) => new LabelValues(name, label.Accuracy, label.LogLoss, label.Brier, ClassValues.Of(label.Classes[1], name)))]);
}

internal sealed record LabelValues(string Name, double? Accuracy, double? LogLoss, double? Brier, ClassValues Holds);

internal sealed record RegressionValues(
    string Name, double? Mae, double? Rmse, double? R2, double? MeanError, double? MedianAbsoluteError, double? MaxError, IReadOnlyList<QuantileValue> ErrorQuantiles)
{
    public static RegressionValues Of(RegressionMetrics m, string name) => new(
        name, m.MeanAbsoluteError, m.RootMeanSquaredError, m.RSquared, m.MeanError, m.MedianAbsoluteError, m.MaxError,
        [.. m.ErrorQuantiles.Select(q => new QuantileValue(q.Level, q.Error))]);
}

internal sealed record QuantileValue(double Level, double Error);

/// <summary>The importance of a column: how much worse a metric becomes when the column is shuffled.</summary>
internal sealed record ImportanceEvent(
    string Event, string Column, string Metric, double Importance, double? Deviation, double? Low, double? High, IReadOnlyList<double> Repeats)
{
    public static ImportanceEvent Of(ColumnImportance c, string metric) =>
        new("importance", c.Column, metric, c.Mean, c.Deviation, c.Mean - c.HalfWidth, c.Mean + c.HalfWidth, c.Increases);
}

/// <summary>The last line of evaluate and explain.</summary>
internal sealed record TableResultEvent(
    string Event, string Status, string Task, int Rows, int Unlabelled, double? TestLoss, double? TestAccuracy, double? TestAuc, double? TestLogLoss, double? TestR2,
    double? TestRmse, double? TestMae, long Parameters, string WeightsSha256, string Model);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MetricsEvent))]
[JsonSerializable(typeof(ImportanceEvent))]
[JsonSerializable(typeof(TableResultEvent))]
internal sealed partial class TableEventContext : JsonSerializerContext;
