// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>Evaluates a table model on the rows of a file, as a whole and for each value of a column.</summary>
internal sealed class TableEvaluateJob(TableCommand command, RunnerSettings settings, OutputMode mode)
{
    private const int MostGroups = 10_000;

    public int Run(CancellationToken stop)
    {
        Table table = command.ReadLabelled(settings.By, stop);
        TablePredictions predictions = command.Model.Predict(table, command.Threads);
        TableEvaluation evaluation = TableResults.Measure(command, table, predictions);
        IReadOnlyList<TableGroup> groups = settings.By is { } column ? Group(predictions, table, column) : [];
        TableResults.WarnOfCells(predictions.Cells);
        if (mode.Json)
            Write(evaluation, groups);
        else
            Show(Terminal.Create(), evaluation, groups);
        return ExitCodes.Done;
    }

    private static IReadOnlyList<TableGroup> Group(TablePredictions predictions, Table table, string column)
    {
        IReadOnlyList<TableGroup> groups = TableResults.Try(() => TableEvaluation.MeasureGroups(predictions, table, column));
        return groups.Count <= MostGroups ? groups : throw RunnerException.Usage(
            $"{TableSettings.By.Option} {Printable.Quoted(column)} divides {Format.Count(table.RowCount)} rows into {Format.Count(groups.Count)} groups; choose a column with at most {Format.Count(MostGroups)} values.");
    }

    private void Write(TableEvaluation evaluation, IReadOnlyList<TableGroup> groups)
    {
        JsonLines.Write(MetricsEvent.Of(evaluation, command.Model.Labels), TableEventContext.Default.MetricsEvent);
        foreach (TableGroup group in groups)
            JsonLines.Write(MetricsEvent.Of(group.Evaluation, command.Model.Labels, settings.By, group.Value), TableEventContext.Default.MetricsEvent);
        TableResults.WriteResult(command, evaluation);
    }

    private void Show(Terminal terminal, TableEvaluation evaluation, IReadOnlyList<TableGroup> groups)
    {
        TableResults.WriteFacts(terminal, command, evaluation);
        EvaluationView view = new(terminal, command.Model.Labels);
        view.Show(evaluation);
        if (settings.By is { } column)
            view.ShowGroups(column, groups);
    }
}
