// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;
using NativeMlp.Metrics;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>Shows which columns a model of a table depends on: permutation importance on the rows of a file.</summary>
internal sealed class ExplainJob(IOptions<RunnerSettings> settings, OutputMode mode) : IJob
{
    private const int Repeats = 10;
    private const ulong Seed = 1;

    public int Run(CancellationToken stop)
    {
        using TableCommand command = TableCommand.Open(settings.Value) ?? throw RunnerException.Usage(
            $"The model {Printable.Path(ModelFile.PathIn(settings.Value))} was not trained on a table, so it has no columns to explain it by.");
        Table table = command.ReadLabelled(null, stop);
        TableEvaluation evaluation = TableResults.Measure(command, table, command.Model.Predict(table, command.Threads));
        int repeats = settings.Value.Repeats ?? Repeats;
        IReadOnlyList<ColumnImportance> columns = PermutationImportance.Measure(
            table, [.. command.Model.Schema.Features.Select(feature => feature.Name)], shuffled => LossOf(command, shuffled), repeats, settings.Value.Seed ?? Seed, stop);
        if (mode.Json)
            Write(command, evaluation, columns);
        else
            Show(Terminal.Create(), command, evaluation, columns, repeats);
        return ExitCodes.Done;
    }

    private static double LossOf(TableCommand command, Table table) =>
        TableEvaluation.Measure(command.Model.Predict(table, command.Threads), table).Loss ?? throw RunnerException.BadData(
            $"The rows of {Printable.Path(command.DataName)} do not explain the model: its loss is not defined on them, because there is only one row.");

    private static void Write(TableCommand command, TableEvaluation evaluation, IReadOnlyList<ColumnImportance> columns)
    {
        foreach (ColumnImportance column in columns)
            JsonLines.Write(ImportanceEvent.Of(column), TableEventContext.Default.ImportanceEvent);
        TableResults.WriteResult(command, evaluation);
    }

    private static void Show(Terminal terminal, TableCommand command, TableEvaluation evaluation, IReadOnlyList<ColumnImportance> columns, int repeats)
    {
        TableResults.WriteFacts(terminal, command, evaluation);
        string loss = evaluation.Targets.Count > 0 ? $"1 − R² {Format.Metric(evaluation.Loss)}" : $"log-loss {Format.Metric(evaluation.Loss)}";
        string intervals = repeats == 1 ? "one shuffle" : $"the mean of {repeats} shuffles, ± half its 95 % interval";
        terminal.WriteFact("loss", $"{loss}; below, what shuffling a column adds to it ({intervals})");
        terminal.WriteLine();
        new ImportanceView(terminal).Draw(columns);
    }
}
