// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Jobs;

/// <summary>Finds the model file that the settings name.</summary>
internal static class ModelFile
{
    /// <summary>Returns the path of the model file. If the folder of a run was named, this is the best model of the run.</summary>
    /// <exception cref="RunnerException">No model was named, or it does not exist.</exception>
    public static string PathIn(RunnerSettings chosen)
    {
        string path = chosen.Model ?? throw RunnerException.Usage($"{Setting.Model.Option} is missing; it must be {Setting.Model.Accepts}.");
        if (Directory.Exists(path))
            return InRun(path);
        return File.Exists(path) ? path : throw RunnerException.BadData($"The model file {Printable.Path(path)} does not exist.");
    }

    /// <summary>Whether the model was trained on a table, according to its file.</summary>
    /// <exception cref="Data.DataFormatException">The file is not a model.</exception>
    public static bool IsOfTable(string path)
    {
        using SafeTensorsSource file = new(path);
        return TableModelFile.Describes(file.Metadata);
    }

    /// <summary>Loads a network for prediction, with the precision that the settings ask for.</summary>
    /// <exception cref="RunnerException">The weights of the file are rounded already, to another precision.</exception>
    /// <exception cref="Data.DataFormatException">The file is damaged.</exception>
    public static LoadedCheckpoint LoadNetwork(RunnerSettings chosen, string path)
    {
        LoadedCheckpoint model = Checkpoint.Load(path, maxBatch: 1, chosen.Threads ?? 0); // it is not trained
        if (chosen.Precision is not { } wanted) return model;
        using (model) return model with { Mlp = model.Mlp.Freeze(Possible(chosen, path, model.Mlp.Precision, wanted)) };
    }

    /// <inheritdoc cref="LoadNetwork"/>
    public static TableModel LoadTable(RunnerSettings chosen, string path)
    {
        TableModel model = TableModel.Load(path);
        if (chosen.Precision is not { } wanted) return model;
        using (model) return model.Freeze(Possible(chosen, path, model.Networks[0].Precision, wanted));
    }

    private static Precision Possible(RunnerSettings chosen, string path, Precision stored, Precision wanted) =>
        stored == Precision.Float32 || wanted == stored ? wanted : throw RunnerException.Usage(
            $"{chosen.Origins[Setting.Precision].Name} is {Words.Of(wanted)}, but the weights in {Printable.Path(path)} were rounded to {Words.Of(stored)}; use the model that it was made from.");

    private static string InRun(string folder)
    {
        string path = Path.Combine(folder, RunFolder.Best);
        return File.Exists(path) ? path
            : throw RunnerException.BadData($"There is no {RunFolder.Best} in the folder {Printable.Path(folder)}: it is not the folder of a run, or the run has not saved a model yet.");
    }
}
