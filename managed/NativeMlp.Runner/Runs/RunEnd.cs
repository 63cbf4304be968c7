// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Output;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tabular.Training;

namespace NativeMlp.Runner.Runs;

/// <summary>How a run ended, and what it ended with. Network, model and rows live until the observers have returned.</summary>
/// <param name="Folder">The folder of the run.</param>
/// <param name="Result">The line that ends <c>metrics.jsonl</c> and <c>--json</c>; its status is <c>done</c>, <c>stopped_early</c>,
/// <c>interrupted</c> or <c>diverged</c>.</param>
internal sealed record RunEnd(string Folder, ResultEvent Result)
{
    /// <summary>What all folds reached; null without folds.</summary>
    public FoldsEvent? Folds { get; init; }

    /// <summary>The network of a built-in data set; null for a table.</summary>
    public Mlp? Network { get; init; }

    /// <summary>The test rows of a built-in data set; null for a table.</summary>
    public Dataset? Test { get; init; }

    /// <summary>In which order the network takes the numbers of a picture.</summary>
    public PixelOrder Order { get; init; } = PixelOrder.Unstated;

    /// <summary>Where the model was saved, in the folder of the run or in that of --spill; null if none was.</summary>
    public string? ModelPath { get; init; }

    /// <summary>Model, split and validation answers of a table; null for a built-in data set.</summary>
    public TableTrainingResult? Table { get; init; }

    /// <summary>The test rows of a table, with their labels; null where there are none, and for a built-in data set.</summary>
    public Table? TestRows { get; init; }
}
