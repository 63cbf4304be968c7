// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Runs;

/// <summary>The folder of --spill. A run is saved there, as a complete folder of a run, if its own folder cannot be written.</summary>
internal sealed class RunSpill : IDisposable
{
    private readonly RunFolder _spill;
    private readonly RunFolder _folder;
    private string? _what;

    /// <summary>Where the state is if it is not in the folder of the run; null if it did not have to be saved here.</summary>
    public string? StateSentence { get; private set; }

    /// <summary>Locks the folder.</summary>
    /// <exception cref="RunnerException">It cannot be written, or it contains an earlier run.</exception>
    public RunSpill(string spill, RunFolder folder, bool overwrite)
    {
        _folder = folder;
        _spill = RunFolder.Claim(spill, overwrite, RunSettings.Spill);
    }

    /// <inheritdoc cref="RunRoom.ThrowIfSpillTooSmall"/>
    public void ThrowIfTooSmall(RunRoom room) => room.ThrowIfSpillTooSmall(_spill);

    /// <summary>Saves the newest state.</summary>
    public void SaveState(StateKeeper keeper, MetricsFile metrics)
    {
        string sentence = $"The state could not be saved as {Printable.Path(_folder.StatePath)}: {WriteFault.Reason(keeper.Fault!)}";
        try
        {
            keeper.SaveInto(_spill);
            SaveOthers(metrics);
            StateSentence = $"{sentence} It is saved in {Printable.Path(_spill.Folder)}. Resume the run with {_spill.ResumeCommand}.";
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            StateSentence = $"{sentence} Nor could it be saved in {Printable.Path(_spill.Folder)}: {WriteFault.Reason(e)}";
        }

        _what = StateSentence;
    }

    /// <summary>Saves the model.</summary>
    /// <param name="save">Saves the model as a file.</param>
    /// <param name="sentence">Why it is not in the folder of the run.</param>
    /// <returns>The path of the file; null if it cannot be written here either.</returns>
    public string? TrySaveModel(Action<string> save, string sentence)
    {
        try
        {
            save(_spill.ModelPath);
            _what ??= $"{sentence} It is saved as {Printable.Path(_spill.ModelPath)}.";
            return _spill.ModelPath;
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            return null;
        }
    }

    /// <summary>What was saved here and why; null if nothing was. Also saves the last lines of the metrics here.</summary>
    public string? Sentence(MetricsFile metrics)
    {
        if (_what is not null)
            SaveOthers(metrics);
        return _what;
    }

    public void Dispose() => _spill.Dispose();

    // Makes the folder complete, so that the run can be resumed from it. Lines that could not be written to the other disk are still in memory.
    private void SaveOthers(MetricsFile metrics)
    {
        try
        {
            AtomicFile.WriteAllBytes(Path.Combine(_spill.Folder, RunFolder.Config), File.ReadAllBytes(Path.Combine(_folder.Folder, RunFolder.Config)));
            AtomicFile.WriteAllBytes(_spill.MetricsPath, [.. File.ReadAllBytes(_folder.MetricsPath), .. metrics.Waiting]);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            Failure.Warn($"The settings and metrics could not be saved in {Printable.Path(_spill.Folder)}: {WriteFault.Reason(e)}");
        }
    }
}
