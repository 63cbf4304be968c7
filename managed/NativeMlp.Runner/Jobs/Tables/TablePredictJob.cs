// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tabular.Reading;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>Writes predictions for the rows of a file or of standard input while they are read, in constant memory.</summary>
internal sealed class TablePredictJob(TableCommand command, RunnerSettings settings, OutputMode mode)
{
    private readonly Dictionary<string, CellCounts> _cells = new(StringComparer.Ordinal);
    private long _faults;

    private bool Skips => settings.OnError == RowErrors.Skip;

    public int Run(CancellationToken stop)
    {
        if (mode.Json && settings.Format == AnswerFormat.Csv)
            throw RunnerException.Usage($"--json and {TableSettings.Format.Option} csv contradict each other.");
        using TableBatchReader rows = command.OpenBatches();
        if (settings.Answers is not { } path)
            Answer(rows, StandardStreams.Output, stop);
        else if (Path.Exists(path))
            throw RunnerException.Usage($"{Printable.Path(path)} already exists; name another file for {TableSettings.Answers.Option}, or remove it.");
        else
            OutputFolder.Write(path, file => AtomicFile.Write(file, answers => Answer(rows, answers, stop)));
        TableResults.WarnOfCells(_cells.Values);
        if (_faults > 0)
            Failure.Warn($"{Format.Count(_faults)} {(_faults == 1 ? "row" : "rows")} of {Printable.Path(command.DataName)} could not be read and {(_faults == 1 ? "was" : "were")} left out.");
        return ExitCodes.Done;
    }

    private void Answer(TableBatchReader rows, Stream output, CancellationToken stop)
    {
        IReadOnlyList<string> kept = settings.Keep is [TableSettings.AllColumns] ? rows.Columns : settings.Keep;
        AnswerWriter writer = mode.Json || settings.Format == AnswerFormat.JsonLines
            ? new JsonAnswers(output, command.Model.Labels, kept) : new CsvAnswers(output, command.Model.Labels, kept);
        writer.WriteHeader();
        while (Next(rows) is { } batch)
        {
            stop.ThrowIfCancellationRequested();
            Answer(batch, writer);
        }
    }

    private void Answer(TableBatch batch, AnswerWriter writer)
    {
        TablePredictions predictions = command.Model.Predict(batch.Table, command.Threads);
        ReadOnlyMemory<long> lines = batch.Lines;
        TableResults.CheckFinite(predictions, row => $"The row on line {lines.Span[row]} of {Printable.Path(command.DataName)}");
        writer.Write(batch.Table, Skips ? lines.Span : Before(batch, lines.Span), predictions);
        foreach (CellCounts count in predictions.Cells)
        {
            _cells[count.Column] = _cells.TryGetValue(count.Column, out CellCounts? sum)
                ? count with { Missing = sum.Missing + count.Missing, Unknown = sum.Unknown + count.Unknown } : count;
        }

        foreach (RowFault fault in batch.Faults)
            Report(fault);
    }

    private static ReadOnlySpan<long> Before(TableBatch batch, ReadOnlySpan<long> lines)
    {
        if (batch.Faults is not [var first, ..])
            return lines;
        int place = lines.BinarySearch(first.Line);
        return lines[..(place < 0 ? ~place : place)];
    }

    private void Report(RowFault fault)
    {
        string sentence = $"{Printable.Path(command.DataName)}: {fault}";
        if (!Skips)
            throw RunnerException.BadData($"{sentence} To leave out such rows, use {TableSettings.OnError.Option} skip.");
        Failure.Warn(sentence);
        _faults++;
    }

    private TableBatch? Next(TableBatchReader rows)
    {
        try
        {
            return rows.Next();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RunnerException.BadData($"{Printable.Path(command.DataName)} could not be read to its end: {Failure.Reason(e)}", e);
        }
    }

}
