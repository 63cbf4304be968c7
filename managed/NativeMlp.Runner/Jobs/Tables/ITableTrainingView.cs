// SPDX-License-Identifier: MIT
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Training;
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>How the training of a model of a table came out.</summary>
/// <param name="Result">The model and its parts of the table.</param>
/// <param name="Status">How the training ended.</param>
/// <param name="Test">What the model reached on the test rows; null if there are none, or the run was interrupted.</param>
/// <param name="Folds">What the models of the folds reached; empty without folds.</param>
/// <param name="ModelPath">Where the model is.</param>
/// <param name="TestFile">The file of the test rows; null if they are part of the table.</param>
internal sealed record TableOutcome(
    TableTrainingResult Result, TrainingStatus Status, TableEvaluation? Test, IReadOnlyList<TableScores> Folds, string ModelPath, string? TestFile);

/// <summary>Shows the training of a model of a table as it happens.</summary>
internal interface ITableTrainingView
{
    void Begin(TableFile file, TableProfile profile);

    /// <summary>Runs <paramref name="train"/> and shows what it reports.</summary>
    T Watch<T>(string title, Func<IProgress<TableProgress>, T> train);

    void ShowFold(int fold, TableScores scores);

    void End(TableOutcome outcome);
}

/// <summary>Calls back on the reporting thread, one call at a time: networks of an ensemble report from threads of their own.</summary>
internal sealed class TableObserver(Action<TableProgress> observe) : IProgress<TableProgress>
{
    private readonly Lock _lock = new();

    public void Report(TableProgress value)
    {
        lock (_lock)
            observe(value);
    }
}
