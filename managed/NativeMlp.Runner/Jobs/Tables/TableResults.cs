// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>The output of evaluate and explain about the rows of a table.</summary>
internal static class TableResults
{
    private const int MostNames = 8;

    /// <summary>Evaluates the predictions and warns about rows that were left out.</summary>
    /// <exception cref="RunnerException">No row has a label that the model knows, a prediction is not finite, or a weight is not allowed.</exception>
    public static TableEvaluation Measure(TableCommand command, Table table, TablePredictions predictions)
    {
        CheckFinite(predictions, row => $"Row {row + 1} of {Printable.Path(command.DataName)}");
        TableEvaluation evaluation = Try(() => TableEvaluation.Measure(predictions, table));
        string rows = $"of the {Format.Count(table.RowCount)} rows of {Printable.Path(command.DataName)}";
        string labels = string.Join(", ", command.Model.Labels.Columns.Select(column => Printable.Quoted(column)));
        if (evaluation.Rows == 0)
            throw RunnerException.BadData($"None {rows} can be evaluated: {Reason(command, evaluation, labels)}.");
        if (evaluation.Unlabelled > 0)
            Failure.Warn($"{Format.Count(evaluation.Unlabelled)} {rows} have no value in {labels} and are left out.");
        if (evaluation.UnknownClasses > 0)
            Failure.Warn($"{Format.Count(evaluation.UnknownClasses)} {rows} have a class in {labels} that the model does not know, and are left out; it knows {Known(command.Model)}.");
        return evaluation;
    }

    /// <exception cref="RunnerException">A prediction is not finite.</exception>
    public static void CheckFinite(TablePredictions predictions, Func<int, string> describe)
    {
        int bad = predictions.Values.IndexOfAnyExceptInRange(double.MinValue, double.MaxValue);
        if (bad >= 0)
            throw new RunnerException(ExitCodes.Diverged, $"{describe(bad / predictions.Labels.Names.Count)} has no prediction, because a score is not finite: its values may be too large for this model.");
    }

    /// <summary>Writes the number of missing and unknown values to standard error.</summary>
    public static void WarnOfCells(IEnumerable<CellCounts> cells)
    {
        CellCounts[] all = [.. cells];
        Warn("The model replaced missing values by its rule", all, count => count.Missing);
        Warn("The model replaced unknown values by its rule", all, count => count.Unknown);
    }

    public static void WriteResult(TableCommand command, TableEvaluation evaluation)
    {
        RegressionMetrics? target = evaluation.Targets is [var only] ? only : null;
        JsonLines.Write(new TableResultEvent(
            "result", "done", command.Model.Labels.Task.ToString().ToLowerInvariant(), evaluation.Rows, evaluation.Unlabelled + evaluation.UnknownClasses,
            evaluation.Loss, evaluation.Classification?.Accuracy ?? evaluation.Multilabel?.SubsetAccuracy,
            evaluation.Classification?.RocAuc ?? evaluation.Multilabel?.RocAuc, evaluation.Classification?.LogLoss ?? evaluation.Multilabel?.LogLoss,
            evaluation.MeanRSquared, target?.RootMeanSquaredError, target?.MeanAbsoluteError,
            command.Model.Networks.Sum(network => network.ParameterCount), Checkpoint.WeightsSha256(command.Model.Networks), command.ModelPath),
            TableEventContext.Default.TableResultEvent);
    }

    public static void WriteFacts(Terminal terminal, TableCommand command, TableEvaluation evaluation)
    {
        int networks = command.Model.Networks.Count;
        terminal.WriteFact("model", $"{command.ModelPath}, {Format.Count(command.Model.Networks.Sum(network => network.ParameterCount))} parameters{(networks == 1 ? "" : $" in {networks} networks")}{Words.SuffixOf(command.Model.Networks[0].Precision)}");
        terminal.WriteFact("data", $"{command.DataName}, {Format.Count(evaluation.Rows)} rows");
    }

    /// <summary>Calls the library, and turns its argument exceptions into messages about the data.</summary>
    public static T Try<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (ArgumentException e)
        {
            throw RunnerException.BadData(e.Message, e);
        }
    }

    private static string Reason(TableCommand command, TableEvaluation evaluation, string labels) => evaluation.UnknownClasses > 0
        ? $"the model knows none of the classes in {labels}; it knows {Known(command.Model)}"
        : $"{labels} {(command.Model.Labels.Columns.Count == 1 ? "has no value" : "have no values")} in any of them";

    private static string Known(TableModel model) =>
        string.Join(", ", model.Labels.Names.Take(MostNames).Select(name => Printable.Quoted(name))) + (model.Labels.Names.Count > MostNames ? " and others" : "");

    private static void Warn(string sentence, CellCounts[] cells, Func<CellCounts, int> count)
    {
        string[] counts = [.. cells.Where(cell => count(cell) > 0).Select(cell => $"{Printable.Quoted(cell.Column)} {Format.Count(count(cell))}")];
        if (counts.Length > 0)
            Failure.Warn($"{sentence}; rows of each column: {string.Join(", ", counts)}.");
    }
}
