// SPDX-License-Identifier: MIT
using NativeMlp.Tables;
using NativeMlp.Training;

namespace NativeMlp.Tabular.Training;

/// <summary>The result of training a table model. The model owns native memory, so dispose of it after use.</summary>
/// <param name="Model">The model.</param>
/// <param name="Split">Which rows were for what.</param>
/// <param name="Runs">How the training of each network ended.</param>
public sealed record TableTrainingResult(TableModel Model, TableSplit Split, IReadOnlyList<TrainingResult> Runs) : IDisposable
{
    /// <summary>Rows that were left out because they have no label.</summary>
    public int RowsWithoutLabel { get; init; }

    /// <summary>Outputs of each hidden layer.</summary>
    public required IReadOnlyList<int> Hidden { get; init; }

    /// <summary>Rows of a step.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Passes over the training rows, at most.</summary>
    public required int Epochs { get; init; }

    /// <summary>The predictions of the networks for rows that they were not trained on; null if there were no validation rows.</summary>
    public ValidationPredictions? Validation { get; init; }

    /// <summary>Disposes of the model.</summary>
    public void Dispose() => Model.Dispose();
}

/// <summary>Answers for the validation rows: for each row the mean of those networks that were not trained on it.</summary>
/// <param name="Rows">The rows of the table, ascending.</param>
/// <param name="Predictions">An answer for each of them.</param>
public sealed record ValidationPredictions(IReadOnlyList<int> Rows, TablePredictions Predictions);
