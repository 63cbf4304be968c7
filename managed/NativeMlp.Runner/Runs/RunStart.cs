// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Runs;

/// <summary>What is known of a run, or of a part of it, before its first step.</summary>
/// <param name="Folder">The folder of the run.</param>
/// <param name="Data">The built-in data set, or the path of the table.</param>
/// <param name="Networks">Networks that are trained: more than one for an ensemble.</param>
/// <param name="Epochs">Passes over the training rows that each network will make at most.</param>
/// <param name="StepsPerEpoch">Steps of an epoch of the first network.</param>
/// <param name="Steps">Steps that each network will take at most.</param>
/// <param name="Rows">Training rows of the first network.</param>
/// <param name="HasValidation">Whether the loss of validation rows is measured after each epoch.</param>
internal sealed record RunStart(
    string Folder, string Data, int Networks, int Epochs, long StepsPerEpoch, long Steps, int Rows, bool HasValidation)
{
    /// <summary>Epochs of all networks together that were completed before an interruption; 0 for a new run.</summary>
    public int EpochsBefore { get; init; }

    /// <summary>What the folds reached that were completed before an interruption.</summary>
    public IReadOnlyList<FoldEvent> FoldsBefore { get; init; } = [];

    /// <summary>The first network: 784-256-10.</summary>
    public required string Shape { get; init; }
}
