// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Hosting;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Commands;

/// <summary>Where checkpoints go, and how they are read back for the data at hand.</summary>
internal static class CheckpointFile
{
    /// <summary>Makes the folder, and says where in it the model goes.</summary>
    /// <returns>DIR/fashion-mnist-256.safetensors: another shape of network does not overwrite this one.</returns>
    /// <exception cref="RunnerException">The folder cannot be written.</exception>
    public static string Prepare(TrainingPlan plan)
    {
        string shape = plan.Hidden.Count == 0 ? "linear" : string.Join('-', plan.Hidden);
        MakeFolder(plan.Out);
        return Path.Combine(plan.Out, $"{plan.Data}-{shape}.safetensors");
    }

    /// <summary>Makes the folder and tries to write in it, before hours of training depend on it.</summary>
    /// <exception cref="RunnerException">The folder cannot be written.</exception>
    public static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".nativemlp-{Environment.ProcessId}");
            File.Create(probe, 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new RunnerException(ExitCodes.Usage, $"{Setting.Out.Option} {folder} cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Where an unfinished model goes, so that it does not replace a finished one.</summary>
    public static string Interrupted(string path) => Path.ChangeExtension(path, null) + "-interrupted.safetensors";

    /// <exception cref="RunnerException">The file cannot be written.</exception>
    public static void Save(Mlp mlp, string path, CheckpointInfo info)
    {
        try
        {
            Checkpoint.Save(mlp, path, info);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunnerException(ExitCodes.Unexpected, $"The model could not be saved as {path}: {e.Message}", e);
        }
    }

    /// <summary>Loads --model and the test rows of --data, normalised as the model was trained.</summary>
    /// <exception cref="RunnerException">A setting is missing, a file is missing, or model and data do not fit.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static (LoadedCheckpoint Model, Dataset Test) Open(RunnerSettings settings)
    {
        string path = settings.Model ?? throw RunnerException.Usage($"{Setting.Model.Option} is missing; it must be {Setting.Model.Accepts}.");
        string name = settings.Data ?? throw RunnerException.Usage($"{Setting.Data.Option} is missing; it must be {Setting.Data.Accepts}.");
        LoadedCheckpoint model = Read(path, settings.Threads ?? 0);
        try
        {
            return (model, Fit(model, path, LoadedData.Load(name, settings.DataDir).Test));
        }
        catch
        {
            model.Mlp.Dispose();
            throw;
        }
    }

    private static LoadedCheckpoint Read(string path, int threads)
    {
        if (!File.Exists(path))
            throw RunnerException.BadData($"The model file {path} does not exist.");
        return Checkpoint.Load(path, maxBatch: 1, threads); // it will not train
    }

    private static Dataset Fit(LoadedCheckpoint model, string path, Dataset test)
    {
        if (model.Mlp.Inputs != test.Features || model.Mlp.Outputs != test.Classes)
        {
            throw RunnerException.BadData($"The model {path} does not fit {test.Name}: it takes {model.Mlp.Inputs} features "
                + $"and knows {model.Mlp.Outputs} classes, the data have {test.Features} and {test.Classes}.");
        }
        if (model.Info.Mean.Length is var mean && mean != 0 && mean != test.Features)
            throw RunnerException.BadData($"The model {path} is damaged: its mean has {mean} elements, but it takes {test.Features} features.");
        return test.WithNormalization(model.Info.Mean, model.Info.Scale);
    }
}
