// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;

namespace NativeMlp.Tables;

/// <summary>The evaluation of a model on the rows of a table whose labels are known. It contains the metrics of the task.</summary>
public sealed record TableEvaluation
{
    internal TableEvaluation()
    {
    }

    /// <summary>The number of evaluated rows.</summary>
    public int Rows { get; internal init; }

    /// <summary>The number of rows that were left out because a label is missing.</summary>
    public int Unlabelled { get; internal init; }

    /// <summary>The number of rows that were left out because the model does not know their class.</summary>
    public int UnknownClasses { get; internal init; }

    /// <summary>The metrics of <see cref="TableTask.Binary"/> and <see cref="TableTask.Multiclass"/>; otherwise null.</summary>
    public ClassificationMetrics? Classification { get; internal init; }

    /// <summary>The metrics of <see cref="TableTask.Multilabel"/>; otherwise null.</summary>
    public MultilabelMetrics? Multilabel { get; internal init; }

    /// <summary>The metrics of each label column of <see cref="TableTask.Regression"/>; otherwise empty.</summary>
    public IReadOnlyList<RegressionMetrics> Targets { get; internal init; } = [];

    /// <summary>The loss that training minimises: the log-loss, or the unexplained share of the variance (1 − R², the mean of all
    /// targets). Null if it is undefined.</summary>
    public double? Loss => Classification?.LogLoss ?? Multilabel?.LogLoss ?? 1 - MeanRSquared;

    /// <summary>The mean R² of all targets; null if it is undefined for one of them, or without targets.</summary>
    public double? MeanRSquared => Targets.Any(target => target.RSquared is null) ? null : Targets.Average(target => target.RSquared);

    /// <summary>Evaluates predictions. If the table has the column of row weights, rows are weighted.</summary>
    /// <param name="predictions">What a model answered for the rows of <paramref name="table"/>.</param>
    /// <param name="table">The table, with the label columns.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The table lacks a label column, has other rows, or a weight is not allowed.</exception>
    public static TableEvaluation Measure(TablePredictions predictions, Table table)
    {
        LabelledRows rows = new(predictions, table);
        return rows.Measure(Enumerable.Range(0, table.RowCount));
    }

    /// <summary>Evaluates predictions for each value of a column separately, the values with the most rows first.</summary>
    /// <param name="predictions">What a model answered for the rows of <paramref name="table"/>.</param>
    /// <param name="table">The table, with the label columns.</param>
    /// <param name="column">The column whose values form the groups.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The table lacks a column, has other rows, or a weight is not allowed.</exception>
    public static IReadOnlyList<TableGroup> MeasureGroups(TablePredictions predictions, Table table, string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        LabelledRows rows = new(predictions, table);
        TableColumn values = table.Find([column])[0];
        return [.. Enumerable.Range(0, table.RowCount).GroupBy(values.NameAt, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new TableGroup(group.Key, rows.Measure(group)))];
    }
}

/// <summary>The rows of a table that have the same value in a column.</summary>
/// <param name="Value">The value; null if it is missing.</param>
/// <param name="Evaluation">The evaluation of these rows.</param>
public sealed record TableGroup(string? Value, TableEvaluation Evaluation);
