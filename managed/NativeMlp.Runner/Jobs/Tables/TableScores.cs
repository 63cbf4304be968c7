// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Metrics;
using NativeMlp.Runner.Output;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>The metrics of table models. A value is null if it does not apply or is undefined.</summary>
internal sealed record TableScores(double? Loss, double? Accuracy, double? Auc, double? LogLoss, double? R2, double? Rmse, double? Mae)
{
    public static TableScores None { get; } = new(null, null, null, null, null, null, null);

    public static TableScores Of(TableEvaluation? evaluation)
    {
        if (evaluation is null)
            return None;
        RegressionMetrics? target = evaluation.Targets is [var only] ? only : null;
        return new TableScores(
            evaluation.Loss,
            evaluation.Classification?.Accuracy ?? evaluation.Multilabel?.SubsetAccuracy,
            evaluation.Classification?.RocAuc ?? evaluation.Multilabel?.RocAuc,
            evaluation.Classification?.LogLoss ?? evaluation.Multilabel?.LogLoss,
            evaluation.MeanRSquared, target?.RootMeanSquaredError, target?.MeanAbsoluteError);
    }

    public static TableScores Of(FoldEvent fold) =>
        new(fold.TestLoss, fold.TestAccuracy, fold.TestAuc, fold.TestLogLoss, fold.TestR2, fold.TestRmse, fold.TestMae);

    /// <summary>Parses the text of <see cref="ToText"/>; returns null for any other text.</summary>
    public static TableScores? Parse(string? text)
    {
        double?[] figures = [.. (text ?? "").Split(';').Select(part => double.TryParse(part, CultureInfo.InvariantCulture, out double value) ? (double?)value : null)];
        return figures is [var loss, var accuracy, var auc, var logLoss, var r2, var rmse, var mae]
            ? new TableScores(loss, accuracy, auc, logLoss, r2, rmse, mae) : null;
    }

    /// <summary>Returns all metrics with all digits; empty for those that do not apply.</summary>
    public string ToText() => string.Join(';', new[] { Loss, Accuracy, Auc, LogLoss, R2, Rmse, Mae }.Select(figure => figure?.ToString("R", CultureInfo.InvariantCulture)));

    public FoldEvent ToEvent(int fold) => new("fold", fold, Loss, Accuracy, Auc, LogLoss, R2, Rmse, Mae);

    /// <summary>Returns the mean of each metric over the folds.</summary>
    public static TableScores Mean(IReadOnlyList<TableScores> folds) => Reduce(folds, values => values.Average());

    /// <summary>Returns the sample standard deviation of each metric over the folds.</summary>
    public static TableScores Deviation(IReadOnlyList<TableScores> folds) => Reduce(folds, values =>
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    });

    private static TableScores Reduce(IReadOnlyList<TableScores> folds, Func<double[], double> reduce)
    {
        return new TableScores(Of(s => s.Loss), Of(s => s.Accuracy), Of(s => s.Auc), Of(s => s.LogLoss), Of(s => s.R2), Of(s => s.Rmse), Of(s => s.Mae));

        double? Of(Func<TableScores, double?> figure) => folds.All(fold => figure(fold) is not null) ? reduce([.. folds.Select(fold => figure(fold)!.Value)]) : null;
    }
}
