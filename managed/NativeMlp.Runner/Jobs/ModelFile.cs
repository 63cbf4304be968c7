// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Jobs;

/// <summary>The model that a command was given.</summary>
internal static class ModelFile
{
    /// <summary>The path of its file; where the folder of a run was named, that of the run's best model.</summary>
    /// <exception cref="RunnerException">No model was named, or there is none of that name.</exception>
    public static string PathIn(RunnerSettings chosen)
    {
        string path = chosen.Model ?? throw RunnerException.Usage($"{Setting.Model.Option} is missing; it must be {Setting.Model.Accepts}.");
        if (Directory.Exists(path))
            return InRun(path);
        return File.Exists(path) ? path : throw RunnerException.BadData($"The model file {Printable.Path(path)} does not exist.");
    }

    /// <summary>Whether a table was the model's training data: the file says so itself.</summary>
    /// <exception cref="Data.DataFormatException">The file is no model.</exception>
    public static bool IsOfTable(string path)
    {
        using SafeTensorsSource file = new(path);
        return TableModelFile.Describes(file.Metadata);
    }

    private static string InRun(string folder)
    {
        string path = Path.Combine(folder, RunFolder.Best);
        return File.Exists(path) ? path
            : throw RunnerException.BadData($"There is no {RunFolder.Best} in the folder {Printable.Path(folder)}: it is not the folder of a run, or the run has not saved a model yet.");
    }
}
