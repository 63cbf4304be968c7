// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;
using NativeMlp.Metrics;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>Shows which columns a table model depends on: permutation importance on the rows of a file.</summary>
internal sealed class ExplainJob(IOptions<RunnerSettings> settings, OutputMode mode) : IJob
{
    private const int Repeats = 10;
    private const ulong Seed = 1;

    public int Run(CancellationToken stop)
    {
        using TableCommand command = TableCommand.Open(settings.Value) ?? throw RunnerException.Usage(
            $"The model {Printable.Path(ModelFile.PathIn(settings.Value))} was not trained on a table, so it has no columns to explain.");
        Quality quality = Quality.Choose(settings.Value.Metric, command.Model.Labels.Task);
        Table table = command.ReadLabelled(null, stop);
        TableEvaluation evaluation = TableResults.Measure(command, table, command.Model.Predict(table, command.Threads));
        int repeats = settings.Value.Repeats ?? Repeats;
        IReadOnlyList<ColumnImportance> columns = PermutationImportance.Measure(
            table, [.. command.Model.Schema.Features.Select(feature => feature.Name)], shuffled => LossOf(command, quality, shuffled), repeats, settings.Value.Seed ?? Seed, stop);
        if (mode.Json)
            Write(command, quality, evaluation, columns);
        else
            Show(Terminal.Create(), command, quality, evaluation, columns, repeats);
        return ExitCodes.Done;
    }

    private static double LossOf(TableCommand command, Quality quality, Table table)
    {
        double value = quality.Of(TableEvaluation.Measure(command.Model.Predict(table, command.Threads), table)) ?? throw RunnerException.BadData(
            $"The rows of {Printable.Path(command.DataName)} cannot explain the model: {quality.Name} is not defined on them, because there are too few or all have the same class.");
        return quality.IsLoss ? value : -value;
    }

    private static void Write(TableCommand command, Quality quality, TableEvaluation evaluation, IReadOnlyList<ColumnImportance> columns)
    {
        foreach (ColumnImportance column in columns)
            JsonLines.Write(ImportanceEvent.Of(column, Words.Of(quality.Metric)), TableEventContext.Default.ImportanceEvent);
        TableResults.WriteResult(command, evaluation);
    }

    private static void Show(
        Terminal terminal, TableCommand command, Quality quality, TableEvaluation evaluation, IReadOnlyList<ColumnImportance> columns, int repeats)
    {
        TableResults.WriteFacts(terminal, command, evaluation);
        string intervals = repeats == 1 ? "one shuffle" : $"the mean of {repeats} shuffles, ± half its 95 % interval";
        string effect = quality.IsLoss ? "adds to it" : "takes from it";
        terminal.WriteFact("quality", $"{quality.Name} {Format.Metric(quality.Of(evaluation))}; below, what shuffling a column {effect} ({intervals})");
        terminal.WriteLine();
        new ImportanceView(terminal).Draw(columns);
    }
}
