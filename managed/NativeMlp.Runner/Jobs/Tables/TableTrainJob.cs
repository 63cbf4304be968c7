// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Live;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Training;
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>Trains a table model, saves it with its settings, and evaluates it.</summary>
internal sealed class TableTrainJob(RunnerSettings settings, OutputMode mode) : IJob
{
    private volatile bool _mustFinish;

    public bool MustFinish => _mustFinish;

    public int Run(CancellationToken stop)
    {
        TablePlan plan = TablePlan.From(settings);
        ReportObserver.CompileAhead();
        using RunFolder folder = RunFolder.Claim(settings, plan.DataPath);
        TableFile file = TableInput.Read(plan.DataPath, plan.Table.ReadingOptions with { Threads = plan.Options.Threads }, stop);
        TableProfile profile = TableInput.Profile(file, plan.Table.Columns);
        using ConsoleTableTrainingView? view = mode.Json || settings.Quiet ? null : new(Terminal.Create());
        if (view is null)
            TableInput.Warn(file, profile);
        else
            view.Begin(file, profile);
        TableSchema schema = Schema(file, profile, plan.Table.Reading);
        Table? test = plan.Table.TestFile is { } path
            ? TableInput.ReadLike(path, schema, plan.Table.Reading with { Threads = plan.Options.Threads }, stop) : null;
        IRunObserver[] shown = view is not null ? [view.Progress, view] : mode.Json ? [new JsonObserver(namesNetworks: true)] : [];
        using TrainingRun run = new(folder, plan.DataPath, settings.Run, [.. shown, new ReportObserver(plan.Options.Threads)])
        {
            Config = (session, networks) => TableConfig.Write(plan, file, profile, session, networks, settings.Run),
            Size = plan.SizeFor(file.Table.RowCount, test?.RowCount),
        };
        _mustFinish = true;
        try
        {
            return Train(plan, file.Table, schema, test, run, view, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            run.SaveState();
            return run.Close(run.ReportInterruption("Interrupted."));
        }
    }

    private static int Train(TablePlan plan, Table table, TableSchema schema, Table? test, TrainingRun run, ConsoleTableTrainingView? view, CancellationToken stop)
    {
        List<TableScores> folds = [];
        if (plan.Folds > 0 && CrossValidate(plan, table, schema, run, folds, stop) is { } lost)
            return lost;
        run.BeginPart(0);
        using TableTrainingResult result = Refusing(() => TableTrainer.Train(table, schema, plan.Options, run, stop));
        view?.Progress.Close();
        if (FindDiverged(result) is { } diverged)
            return EndDiverged(run, result, diverged.Message);
        bool isCanceled = result.Runs.Any(one => one.Status == TrainingStatus.Canceled);
        run.SaveState();
        string model = run.SaveModel(result.Model.Save);
        Table? rows = isCanceled ? null : test ?? (plan.HoldsBack ? table.Take([.. result.Split.Test]) : null);
        TableEvaluation? evaluation = rows is null ? null : Refusing(() => TableEvaluation.Measure(result.Model.Predict(rows, plan.Options.Threads), rows));
        TrainingStatus status = isCanceled ? TrainingStatus.Canceled : TrainingStatus.Completed;
        TableOutcome outcome = new(result, status, evaluation, folds, model, plan.Table.TestFile) { Run = run.Folder.Folder };
        view?.End(outcome);
        int exitCode = isCanceled ? run.ReportInterruption($"Interrupted. The model is saved in {Printable.Path(model)}.") : ExitCodes.Done;
        return run.Finish(new RunEnd(run.Folder.Folder, outcome.ToEvent()) { Folds = outcome.ToFoldsEvent(), Table = result, TestRows = rows, ModelPath = model }, exitCode);
    }

    // Returns the exit code if a fold diverged, otherwise null. Folds completed before an interruption are not trained again.
    private static int? CrossValidate(TablePlan plan, Table table, TableSchema schema, TrainingRun run, List<TableScores> scores, CancellationToken stop)
    {
        int first = !run.IsResumed ? 0 : run.ResumedFold == 0 ? plan.Folds : run.ResumedFold - 1;
        for (int fold = 1; fold <= first; fold++)
            scores.Add(TableScores.Parse(run.Noted(NoteOf(fold))) ?? throw RunnerException.BadData($"The state of the run in {Printable.Path(run.Folder.Folder)} does not contain the scores of fold {fold}."));
        run.FoldsBefore = [.. scores.Select((reached, i) => reached.ToEvent(i + 1))];
        foreach (TableTrainingResult result in Refusing(() => TableTrainer.CrossValidate(table, schema, plan.Folds, plan.Options, first, Begin, stop)))
        {
            using (result)
            {
                if (FindDiverged(result) is { } diverged)
                    return EndDiverged(run, result, $"Fold {scores.Count + 1}: {diverged.Message}");
                stop.ThrowIfCancellationRequested();
                Table part = table.Take([.. result.Split.Test]);
                TableScores reached = TableScores.Of(Refusing(() => TableEvaluation.Measure(result.Model.Predict(part), part)));
                scores.Add(reached);
                run.Note(NoteOf(scores.Count), reached.ToText());
                run.EndFold(reached.ToEvent(scores.Count));
            }
        }

        return null;

        TrainingRun Begin(int fold)
        {
            run.BeginPart(fold + 1);
            return run;
        }
    }

    private static TrainingResult? FindDiverged(TableTrainingResult result) => result.Runs.FirstOrDefault(run => run.Status == TrainingStatus.Diverged);

    private static int EndDiverged(TrainingRun run, TableTrainingResult result, string message) => run.Finish(
        new RunEnd(run.Folder.Folder, TableOutcome.Diverged(result, run.Folder.Folder)) { Table = result },
        Failure.Report(ExitCodes.Diverged, $"{message} No model was saved."));

    private static string NoteOf(int fold) => string.Create(CultureInfo.InvariantCulture, $"fold.{fold}");

    private static TableSchema Schema(TableFile file, TableProfile profile, TableReaderOptions reading)
    {
        try
        {
            return profile.ToSchema(file.MissingMarks) with
            {
                DecimalSeparator = file.Format.DecimalSeparator is ',' ? ',' : null,
                ThousandsSeparator = reading.ThousandsSeparator,
                AllowUnits = reading.AllowUnits,
            };
        }
        catch (InvalidOperationException e)
        {
            throw RunnerException.BadData($"{Printable.Path(file.Name)}: {e.Message}", e);
        }
    }

    // Turns an argument exception of the library about the options and rows into a message for the user.
    private static T Refusing<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (ArgumentException e)
        {
            throw RunnerException.Usage(e.Message);
        }
    }
}
