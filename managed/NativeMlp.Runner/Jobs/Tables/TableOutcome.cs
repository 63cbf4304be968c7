// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Runs;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Training;
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>The results of training a table model.</summary>
/// <param name="Result">The model, and the split of the table.</param>
/// <param name="Status">The status of the training.</param>
/// <param name="Test">The evaluation on the test rows; null if there are none, or if the run was interrupted.</param>
/// <param name="Folds">The evaluations of the folds; empty without folds.</param>
/// <param name="ModelPath">The path of the model.</param>
/// <param name="TestFile">The file of the test rows; null if they are part of the table.</param>
internal sealed record TableOutcome(
    TableTrainingResult Result, TrainingStatus Status, TableEvaluation? Test, IReadOnlyList<TableScores> Folds, string ModelPath, string? TestFile)
{
    /// <summary>The folder of the run.</summary>
    public required string Run { get; init; }

    public ResultEvent ToEvent()
    {
        // Without test rows, a run is evaluated by its folds.
        TableScores scores = Test is null && Folds.Count > 0 ? TableScores.Mean(Folds) : TableScores.Of(Test);
        return ToEvent(Result, Status, scores, ModelPath, Run);
    }

    /// <summary>Means and deviations over the folds; null without folds.</summary>
    public FoldsEvent? ToFoldsEvent()
    {
        if (Folds.Count == 0)
            return null;
        TableScores deviation = TableScores.Deviation(Folds), mean = TableScores.Mean(Folds);
        return new FoldsEvent("folds", Folds.Count, mean.Accuracy, deviation.Accuracy, mean.Auc, deviation.Auc, mean.LogLoss, deviation.LogLoss,
            mean.R2, deviation.R2, mean.Rmse, deviation.Rmse, mean.Mae, deviation.Mae);
    }

    /// <summary>Returns the result of a run without a model, because the training diverged.</summary>
    public static ResultEvent Diverged(TableTrainingResult result, string run) => ToEvent(result, TrainingStatus.Diverged, TableScores.None, null, run);

    private static ResultEvent ToEvent(TableTrainingResult result, TrainingStatus status, TableScores scores, string? model, string run) => new(
        "result", ResultStatus.Of(status), scores.Loss, scores.Accuracy,
        result.Model.Networks.Sum(network => network.ParameterCount), Checkpoint.WeightsSha256(result.Model.Networks), model)
    {
        TestAuc = scores.Auc,
        TestLogLoss = scores.LogLoss,
        TestR2 = scores.R2,
        TestRmse = scores.Rmse,
        TestMae = scores.Mae,
        Model = model,
        Run = run,
    };
}
