// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>The content of the report of a run, read from its folder.</summary>
internal sealed record RunRecord(string Folder, ConfigRecord Config, HistoryRecord History, TestRecord? Test, ModelRecord? Model)
{
    /// <summary>The name of the run in pages and tables.</summary>
    public string Name => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(Folder)));

    /// <summary>The built-in data set, or the file of the table.</summary>
    public string Data => Config[Setting.Data.Key] ?? "unknown data";

    /// <summary>Whether a process is still training the run. A killed run has no result either, but its lock is free.</summary>
    public bool IsRunning { get; } = History.Result is null && RunFolders.IsGoingOn(Folder);

    /// <summary>The status of the run, in words.</summary>
    public string Status => History.Result is { } result ? result.Status.Replace('_', ' ') : IsRunning ? "running" : "unfinished";

    /// <summary>What is trained: a network 784-256-10.</summary>
    public string Networks { get; init; } = Model is null ? "A network" : NetworksOf(Model.Networks, Model.Shape);

    /// <summary>The maximum number of epochs of a network; 0 if it is not known.</summary>
    public int EpochsPlanned { get; init; } = EpochsBy(Config, History);

    public static string NetworksOf(int count, string shape) => count == 1 ? $"A network {shape}" : $"{Output.Format.Count(count)} networks {shape}";

    /// <summary>Whether a folder is the folder of a run.</summary>
    public static bool IsRun(string folder) =>
        File.Exists(Path.Combine(folder, RunFolder.Config)) || File.Exists(Path.Combine(folder, RunFolder.Metrics));

    /// <exception cref="DataFormatException">A file of the run is damaged.</exception>
    public static RunRecord Read(string folder) => Read(folder, Path.Combine(folder, RunFolder.Best));

    /// <summary>Reads a run whose model may be in another folder.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="model">The file of the model; null if this run saved none, even if the folder contains a model of an earlier run.</param>
    /// <exception cref="DataFormatException">A file of the run is damaged.</exception>
    public static RunRecord Read(string folder, string? model)
    {
        HistoryRecord history = HistoryRecord.Read(folder);
        return new RunRecord(folder, ConfigRecord.Read(folder), history, history.Result is null ? null : TestRecordFile.Load(folder), ModelRecord.Read(model));
    }

    // A limit of steps may end the run before its epochs do; the line of the first epoch contains the number of its steps.
    private static int EpochsBy(ConfigRecord config, HistoryRecord history)
    {
        int epochs = int.TryParse(config[Setting.Epochs.Key], CultureInfo.InvariantCulture, out int all) ? all : 0;
        return long.TryParse(config[Setting.Steps.Key], CultureInfo.InvariantCulture, out long steps) && history.Epochs is [{ Epoch: > 0 } first, ..]
            ? (int)Math.Min(epochs, Math.Ceiling((double)steps * first.Epoch / first.Step)) : epochs;
    }
}
