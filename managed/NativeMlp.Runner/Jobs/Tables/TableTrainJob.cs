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

/// <summary>Trains a model of a table, saves it with its settings and measures it.</summary>
internal sealed class TableTrainJob(RunnerSettings settings, OutputMode mode) : IJob
{
    private volatile bool _mustFinish;

    public bool MustFinish => _mustFinish;

    public int Run(CancellationToken stop)
    {
        TablePlan plan = TablePlan.From(settings);
        using RunFolder folder = RunFolder.Claim(settings, plan.DataPath);
        TableFile file = TableInput.Read(plan.DataPath, plan.Table.ReadingOptions with { Threads = plan.Options.Threads }, stop);
        TableProfile profile = TableInput.Profile(file, plan.Table.Columns);
        ITableTrainingView view = mode.Json ? new JsonTableTrainingView() : settings.Quiet ? new QuietTrainingView() : new ConsoleTableTrainingView(Terminal.Create());
        view.Begin(file, profile);
        TableSchema schema = Schema(file, profile, plan.Table.Reading);
        Table? test = plan.Table.TestFile is { } path
            ? TableInput.ReadLike(path, schema, plan.Table.Reading with { Threads = plan.Options.Threads }, stop) : null;
        using TrainingRun run = new(folder, plan.DataPath, settings.Run, [.. view.Observers, new ReportObserver(plan.Options.Threads)])
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

    private static int Train(TablePlan plan, Table table, TableSchema schema, Table? test, TrainingRun run, ITableTrainingView view, CancellationToken stop)
    {
        IReadOnlyList<TableScores> folds = CrossValidate(plan, table, schema, run, view, stop);
        run.BeginPart(0);
        using TableTrainingResult result = Refusing(() => view.Watch("training", progress =>
        {
            run.Progress = progress;
            return TableTrainer.Train(table, schema, plan.Options, run, stop);
        }));
        TrainingStatus status = Status(result);
        if (status == TrainingStatus.Diverged)
        {
            return run.Finish(new RunEnd(run.Folder.Folder, TableOutcome.Diverged(result, run.Folder.Folder)) { Table = result },
                Failure.Report(ExitCodes.Diverged, $"{result.Runs.First(one => one.Status == TrainingStatus.Diverged).Message} No model was saved."));
        }

        run.SaveState();
        string model = run.SaveModel(result.Model.Save);
        Table? rows = status == TrainingStatus.Canceled ? null : test ?? (plan.HoldsBack ? table.Take([.. result.Split.Test]) : null);
        TableEvaluation? evaluation = rows is null ? null : Refusing(() => TableEvaluation.Measure(result.Model.Predict(rows, plan.Options.Threads), rows));
        TableOutcome outcome = new(result, status, evaluation, folds, model, plan.Table.TestFile) { Run = run.Folder.Folder };
        view.End(outcome);
        int exitCode = status == TrainingStatus.Canceled
            ? run.ReportInterruption($"Interrupted. The model is saved in {Printable.Path(model)}.") : ExitCodes.Done;
        return run.Finish(new RunEnd(run.Folder.Folder, outcome.ToEvent()) { Table = result, TestRows = rows, ModelPath = model }, exitCode);
    }

    // Folds that an interrupted run has ended are not trained again.
    private static List<TableScores> CrossValidate(TablePlan plan, Table table, TableSchema schema, TrainingRun run, ITableTrainingView view, CancellationToken stop)
    {
        if (plan.Folds == 0)
            return [];
        List<TableScores> scores = [];
        int first = !run.IsResumed ? 0 : run.ResumedFold == 0 ? plan.Folds : run.ResumedFold - 1;
        for (int fold = 1; fold <= first; fold++)
            Show(TableScores.Parse(run.Noted(NoteOf(fold))) ?? throw RunnerException.BadData($"The state of the run in {Printable.Path(run.Folder.Folder)} lacks what fold {fold} reached."));
        view.Watch($"{plan.Folds} folds", progress =>
        {
            run.Progress = progress;
            foreach (TableTrainingResult result in Refusing(() => TableTrainer.CrossValidate(table, schema, plan.Folds, plan.Options, first, Begin, stop)))
            {
                using (result)
                {
                    stop.ThrowIfCancellationRequested();
                    Table part = table.Take([.. result.Split.Test]);
                    Show(TableScores.Of(Refusing(() => TableEvaluation.Measure(result.Model.Predict(part), part))));
                    run.Note(NoteOf(scores.Count), scores[^1].ToText());
                    run.EndFold(scores[^1].ToEvent(scores.Count));
                }
            }

            return scores;
        });
        return scores;

        TrainingRun Begin(int fold)
        {
            run.BeginPart(fold + 1);
            return run;
        }

        void Show(TableScores reached)
        {
            scores.Add(reached);
            view.ShowFold(scores.Count, reached);
        }
    }

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

    // What the library refuses about options and rows together is a sentence for the user.
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

    private static TrainingStatus Status(TableTrainingResult result) =>
        result.Runs.Any(run => run.Status == TrainingStatus.Diverged) ? TrainingStatus.Diverged
        : result.Runs.Any(run => run.Status == TrainingStatus.Canceled) ? TrainingStatus.Canceled
        : TrainingStatus.Completed;
}
