// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Output;

/// <summary>Shows the evaluation of a table model: as a whole, for each class, label or target, and for each group.</summary>
internal sealed class EvaluationView(Terminal terminal, TableLabels labels)
{
    private const int MostGroups = 40;

    public void Show(TableEvaluation evaluation)
    {
        if (evaluation.Classification is { } classes)
            ShowClasses(classes);
        else if (evaluation.Multilabel is { } several)
            ShowLabels(several);
        else if (evaluation.Targets is [var target])
            ShowTarget(target);
        else
            ShowTargets(evaluation);
    }

    /// <summary>Shows a line for each value of a column, those with the most rows first.</summary>
    public void ShowGroups(string column, IReadOnlyList<TableGroup> groups)
    {
        TextTable table = new([column, "rows", .. Headings()]);
        foreach (TableGroup group in groups.Take(MostGroups))
            table.Add(group.Value ?? "(missing)", [Format.Count(group.Evaluation.Rows), .. Cells(group.Evaluation)]);
        terminal.WriteLine();
        table.Write(terminal);
        if (groups.Count > MostGroups)
            terminal.WriteLine($"and {Format.Count(groups.Count - MostGroups)} more values with fewer rows; --json has all.");
    }

    private IEnumerable<string> Headings() =>
        labels.HasClasses ? ["accuracy", "balanced", "F1 macro", "ROC-AUC", "log-loss"]
        : labels.Task == TableTask.Multilabel ? ["all right", "F1 macro", "ROC-AUC", "log-loss"]
        : labels.Names.SelectMany(name => new[] { Heading("MAE", name), Heading("RMSE", name), Heading("R²", name) });

    private string Heading(string metric, string target) => labels.Names.Count == 1 ? metric : $"{metric} {Printable.Text(target, 12)}";

    private static IEnumerable<string> Cells(TableEvaluation evaluation) =>
        evaluation.Classification is { } c ? Texts(c.Accuracy, c.BalancedAccuracy, c.MacroF1, c.RocAuc, c.LogLoss)
        : evaluation.Multilabel is { } m ? Texts(m.SubsetAccuracy, m.MacroF1, m.RocAuc, m.LogLoss)
        : evaluation.Targets.SelectMany(t => new[] { Format.Measured(t.MeanAbsoluteError), Format.Measured(t.RootMeanSquaredError), Format.Metric(t.RSquared) });

    private void ShowClasses(ClassificationMetrics metrics)
    {
        terminal.WriteFact("accuracy", $"{Format.Metric(metrics.Accuracy)}, balanced {Format.Metric(metrics.BalancedAccuracy)}");
        terminal.WriteFact("F1", $"macro {Format.Metric(metrics.MacroF1)}, weighted {Format.Metric(metrics.WeightedF1)}");
        terminal.WriteFact("ROC-AUC", $"{Format.Metric(metrics.RocAuc)}, PR-AUC {Format.Metric(metrics.AveragePrecision)}");
        terminal.WriteFact("log-loss", $"{Format.Metric(metrics.LogLoss)}, Brier {Format.Metric(metrics.Brier)}, calibration error {Format.Metric(metrics.CalibrationError)}");
        terminal.WriteFact("Matthews", Format.Metric(metrics.Matthews));
        TextTable table = new("class", "rows", "predicted", "precision", "recall", "F1", "ROC-AUC", "PR-AUC");
        foreach (ClassMetrics c in metrics.Classes)
            table.Add(labels.Names[c.Class], [Format.Real(c.Support), Format.Real(c.Predicted), .. Texts(c.Precision, c.Recall, c.F1, c.RocAuc, c.AveragePrecision)]);
        terminal.WriteLine();
        table.Write(terminal);
    }

    private void ShowLabels(MultilabelMetrics metrics)
    {
        terminal.WriteFact("accuracy", $"{Format.Metric(metrics.SubsetAccuracy)} of the rows have every label right; {Format.Metric(metrics.HammingLoss)} of all labels are wrong");
        terminal.WriteFact("F1", $"macro {Format.Metric(metrics.MacroF1)}, micro {Format.Metric(metrics.MicroF1)}, weighted {Format.Metric(metrics.WeightedF1)}");
        terminal.WriteFact("ROC-AUC", $"{Format.Metric(metrics.RocAuc)}, PR-AUC {Format.Metric(metrics.AveragePrecision)}");
        terminal.WriteFact("log-loss", $"{Format.Metric(metrics.LogLoss)}, Brier {Format.Metric(metrics.Brier)}");
        TextTable table = new("label", "rows", "predicted", "precision", "recall", "F1", "ROC-AUC", "log-loss");
        foreach ((string name, ClassificationMetrics label) in labels.Names.Zip(metrics.Labels))
        {
            ClassMetrics c = label.Classes[1];
            table.Add(name, [Format.Real(c.Support), Format.Real(c.Predicted), .. Texts(c.Precision, c.Recall, c.F1, c.RocAuc, label.LogLoss)]);
        }
        terminal.WriteLine();
        table.Write(terminal);
    }

    private void ShowTarget(RegressionMetrics metrics)
    {
        terminal.WriteFact("R²", Format.Metric(metrics.RSquared));
        terminal.WriteFact("errors", $"MAE {Format.Measured(metrics.MeanAbsoluteError)}, RMSE {Format.Measured(metrics.RootMeanSquaredError)}, "
            + $"median {Format.Measured(metrics.MedianAbsoluteError)}, greatest {Format.Measured(metrics.MaxError)}");
        terminal.WriteFact("mean error", $"{Format.Measured(metrics.MeanError)} (prediction minus value)");
        if (metrics.ErrorQuantiles.Count > 0)
            terminal.WriteFact("quantiles", string.Join(", ", metrics.ErrorQuantiles.Select(q => $"{Format.Percent(q.Level)}: {Format.Real(q.Error)}")));
    }

    private void ShowTargets(TableEvaluation evaluation)
    {
        terminal.WriteFact("R²", $"{Format.Metric(evaluation.MeanRSquared)}, the mean of all targets");
        TextTable table = new("target", "R²", "MAE", "RMSE", "mean error", "median", "greatest");
        foreach ((string name, RegressionMetrics target) in labels.Names.Zip(evaluation.Targets))
        {
            table.Add(name, Format.Metric(target.RSquared), Format.Measured(target.MeanAbsoluteError), Format.Measured(target.RootMeanSquaredError),
                Format.Measured(target.MeanError), Format.Measured(target.MedianAbsoluteError), Format.Measured(target.MaxError));
        }
        terminal.WriteLine();
        table.Write(terminal);
    }

    private static IEnumerable<string> Texts(params IEnumerable<double?> values) => values.Select(Format.Metric);
}
