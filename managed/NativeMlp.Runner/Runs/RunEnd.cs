// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Output;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tabular.Training;

namespace NativeMlp.Runner.Runs;

/// <summary>How a run ended, and its results. Network, model and rows are disposed after the observers have returned.</summary>
/// <param name="Folder">The folder of the run.</param>
/// <param name="Result">The last line of <c>metrics.jsonl</c> and of <c>--json</c>. Its status is <c>done</c>, <c>stopped_early</c>,
/// <c>interrupted</c> or <c>diverged</c>.</param>
internal sealed record RunEnd(string Folder, ResultEvent Result)
{
    /// <summary>The test results of all folds; null without folds.</summary>
    public FoldsEvent? Folds { get; init; }

    /// <summary>The network of a built-in data set; null for a table.</summary>
    public Mlp? Network { get; init; }

    /// <summary>The test rows of a built-in data set; null for a table.</summary>
    public Dataset? Test { get; init; }

    /// <summary>The order in which the network takes the values of an image.</summary>
    public PixelOrder Order { get; init; } = PixelOrder.Unstated;

    /// <summary>The file of the model, in the folder of the run or in that of --spill; null if no model was saved.</summary>
    public string? ModelPath { get; init; }

    /// <summary>Model, split and validation predictions of a table; null for a built-in data set.</summary>
    public TableTrainingResult? Table { get; init; }

    /// <summary>The test rows of a table, with their labels; null if there are none, and for a built-in data set.</summary>
    public Table? TestRows { get; init; }
}
