// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>
/// The folder of a run, claimed before training: its settings and its model go there. A lock file keeps a second writer out
/// while the run lasts; the model of an earlier run is only replaced when that was asked for.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private const string Runs = "runs";
    private const string Config = "config.json";
    private const string Best = "best.safetensors";
    private const string Lock = ".lock";

    private readonly string _folder;
    private readonly FileStream _lock;

    private RunFolder(string folder, FileStream claim) => (_folder, _lock) = (folder, claim);

    /// <summary>Where the model goes.</summary>
    public string ModelPath => Path.Combine(_folder, Best);

    /// <summary>The folder for a run on a table of which nothing is said: runs/adult for adult.csv.gz.</summary>
    public static string DefaultFor(string dataPath)
    {
        string name = Path.GetFileName(dataPath).Split('.')[0];
        return Path.Combine(Runs, name.Length > 0 && name != "-" ? name : "table");
    }

    /// <exception cref="RunnerException">The folder cannot be written, another run has it, or the model of an earlier run is there.</exception>
    public static RunFolder Claim(string folder, bool overwrite)
    {
        OutputFolder.Make(folder);
        string path = Path.Combine(folder, Lock);
        FileStream claim = Open(path) ?? throw RunnerException.Usage(
            $"Another run is writing into {Printable.Path(folder)}: its lock is {Printable.Path(path)}. Wait for its end, or choose another {Setting.Out.Option}.");
        if (!overwrite && Path.Exists(Path.Combine(folder, Best)))
        {
            claim.Dispose();
            throw RunnerException.Usage($"{Printable.Path(folder)} has the model of an earlier run; choose another {Setting.Out.Option}, or replace it with {TableTrainingSettings.Overwrite.Option}.");
        }

        return new RunFolder(folder, claim);
    }

    /// <summary>Saves the settings, all of them resolved.</summary>
    /// <exception cref="RunnerException">The file cannot be written.</exception>
    public void SaveConfig(byte[] json) => OutputFolder.Write(_folder, Config, json);

    /// <summary>Saves the model; an old one is replaced as a whole.</summary>
    /// <exception cref="RunnerException">The file cannot be written.</exception>
    public void Save(TableModel model)
    {
        try
        {
            model.Save(ModelPath);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw new RunnerException(ExitCodes.Unexpected, $"The model could not be saved as {Printable.Path(ModelPath)}: {WriteFault.Reason(e)}", e);
        }
    }

    public void Dispose() => _lock.Dispose();

    // A lock that a killed run has left behind is held by nobody and can be taken over; a link is not followed.
    private static FileStream? Open(string path)
    {
        try
        {
            FileMode mode = File.Exists(path) && new FileInfo(path).LinkTarget is null ? FileMode.Open : FileMode.CreateNew;
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // another run has it
        }
    }
}
