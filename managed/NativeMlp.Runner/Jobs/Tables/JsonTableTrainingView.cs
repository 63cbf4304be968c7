// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Live;
using NativeMlp.Runner.Runs;
using NativeMlp.Storage;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Training;
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>The training of a model of a table as JSON lines; what is to be said about the table goes to standard error.</summary>
internal sealed class JsonTableTrainingView : ITableTrainingView
{
    public IReadOnlyList<IRunObserver> Observers { get; } = [new JsonStart()];

    public void Begin(TableFile file, TableProfile profile) => TableInput.Warn(file, profile);

    public T Watch<T>(string title, Func<IProgress<TableProgress>, T> train) => train(new TableObserver(Write));

    public void ShowFold(int fold, TableScores scores) => JsonLines.Write(
        scores.ToEvent(fold),
        JsonLines.Types.FoldEvent);

    public void End(TableOutcome outcome)
    {
        if (outcome.Folds.Count > 0)
            WriteFolds(outcome.Folds);
        JsonLines.Write(outcome.ToEvent(), JsonLines.Types.ResultEvent);
    }

    private static void WriteFolds(IReadOnlyList<TableScores> folds)
    {
        TableScores deviation = TableScores.Deviation(folds), mean = TableScores.Mean(folds);
        JsonLines.Write(
            new FoldsEvent("folds", folds.Count, mean.Accuracy, deviation.Accuracy, mean.Auc, deviation.Auc, mean.LogLoss, deviation.LogLoss,
                mean.R2, deviation.R2, mean.Rmse, deviation.Rmse, mean.Mae, deviation.Mae),
            JsonLines.Types.FoldsEvent);
    }

    private static void Write(TableProgress p) => JsonLines.Write(
        new TableEpochEvent("epoch", p.Network, p.Epoch.Epoch, p.Epoch.Step, JsonLines.Finite(p.Epoch.TrainLoss), JsonLines.Finite(p.Epoch.TrainAccuracy),
            JsonLines.Finite(p.Epoch.ValidationLoss), JsonLines.Finite(p.Epoch.ValidationAccuracy), JsonLines.Finite(p.Epoch.LearningRate),
            JsonLines.Finite(p.Epoch.SamplesPerSecond), p.Epoch.Elapsed.TotalSeconds),
        JsonLines.Types.TableEpochEvent);
}
