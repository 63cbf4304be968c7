// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
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
        using RunFolder folder = RunFolder.Claim(plan.Folder, settings.Table.Overwrite);
        TableFile file = TableInput.Read(plan.DataPath, plan.Table.ReadingOptions with { Threads = plan.Options.Threads }, stop);
        TableProfile profile = TableInput.Profile(file, plan.Table.Columns);
        ITableTrainingView view = mode.Json ? new JsonTableTrainingView() : new ConsoleTableTrainingView(Terminal.Create());
        view.Begin(file, profile);
        TableSchema schema = Schema(file, profile);
        Table? test = plan.Table.TestFile is { } path
            ? TableInput.ReadLike(path, schema, plan.Table.Reading with { Threads = plan.Options.Threads }, stop) : null;
        _mustFinish = true;
        return Train(plan, file, profile, schema, test, folder, view, stop);
    }

    private static int Train(
        TablePlan plan, TableFile file, TableProfile profile, TableSchema schema, Table? test, RunFolder folder, ITableTrainingView view, CancellationToken stop)
    {
        IReadOnlyList<TableScores> folds = CrossValidate(plan, file.Table, schema, view, stop);
        using TableTrainingResult result = Refusing(() => view.Watch(
            "training", progress => TableTrainer.Train(file.Table, schema, plan.Options, progress, stop)));
        TrainingStatus status = Status(result);
        if (status == TrainingStatus.Diverged)
            return Failure.Report(ExitCodes.Diverged, $"{result.Runs.First(run => run.Status == TrainingStatus.Diverged).Message} Nothing was saved.");
        folder.SaveConfig(TableConfig.Write(plan, file, profile, result));
        folder.Save(result.Model);
        TableEvaluation? evaluation = status == TrainingStatus.Canceled ? null : Measure(plan, result, file.Table, test);
        view.End(new TableOutcome(result, status, evaluation, folds, folder.ModelPath, plan.Table.TestFile));
        return status == TrainingStatus.Canceled
            ? Failure.Report(ExitCodes.Interrupted, $"Interrupted. The model is saved in {Printable.Path(folder.ModelPath)}.") : ExitCodes.Done;
    }

    private static List<TableScores> CrossValidate(TablePlan plan, Table table, TableSchema schema, ITableTrainingView view, CancellationToken stop)
    {
        if (plan.Folds == 0)
            return [];
        List<TableScores> scores = [];
        view.Watch($"{plan.Folds} folds", progress =>
        {
            foreach (TableTrainingResult fold in Refusing(() => TableTrainer.CrossValidate(table, schema, plan.Folds, plan.Options, progress, stop)))
            {
                using (fold)
                {
                    stop.ThrowIfCancellationRequested();
                    scores.Add(TableScores.Of(MeasureRows(fold, table, fold.Split.Test)));
                    view.ShowFold(scores.Count, scores[^1]);
                }
            }

            return scores;
        });
        return scores;
    }

    private static TableEvaluation? Measure(TablePlan plan, TableTrainingResult result, Table table, Table? test)
    {
        if (test is not null)
            return Refusing(() => TableEvaluation.Measure(result.Model.Predict(test, plan.Options.Threads), test));
        return plan.HoldsBack ? MeasureRows(result, table, result.Split.Test) : null;
    }

    private static TableEvaluation MeasureRows(TableTrainingResult result, Table table, IReadOnlyList<int> rows)
    {
        Table part = table.Take([.. rows]);
        return Refusing(() => TableEvaluation.Measure(result.Model.Predict(part), part));
    }

    private static TableSchema Schema(TableFile file, TableProfile profile)
    {
        try
        {
            return profile.ToSchema(file.MissingMarks);
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
