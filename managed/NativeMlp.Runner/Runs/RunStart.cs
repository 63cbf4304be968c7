// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Runs;

/// <summary>The sizes of a run, or of a part of it, which are known before its first step.</summary>
/// <param name="Folder">The folder of the run.</param>
/// <param name="Data">The built-in data set, or the path of the table.</param>
/// <param name="Networks">The number of networks that are trained: more than one for an ensemble.</param>
/// <param name="Epochs">The maximum number of passes of each network over the training rows.</param>
/// <param name="StepsPerEpoch">The number of steps in an epoch of the first network.</param>
/// <param name="Steps">The maximum number of steps of each network.</param>
/// <param name="Rows">The number of training rows of the first network.</param>
/// <param name="HasValidation">Whether the loss of validation rows is measured after each epoch.</param>
internal sealed record RunStart(
    string Folder, string Data, int Networks, int Epochs, long StepsPerEpoch, long Steps, int Rows, bool HasValidation)
{
    /// <summary>The number of epochs that all networks together completed before an interruption; 0 for a new run.</summary>
    public int EpochsBefore { get; init; }

    /// <summary>The results of the folds that were completed before an interruption.</summary>
    public IReadOnlyList<FoldEvent> FoldsBefore { get; init; } = [];

    /// <summary>The layers of the first network, such as 784-256-10.</summary>
    public required string Shape { get; init; }
}
