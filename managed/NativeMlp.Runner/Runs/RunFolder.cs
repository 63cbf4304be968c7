// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Interop;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Runs;

/// <summary>The folder of a run, claimed before training: settings, metrics, states and the model go there. An earlier run is only
/// replaced when that was asked for.</summary>
internal sealed class RunFolder : IDisposable
{
    public const string Config = "config.json";
    public const string Metrics = "metrics.jsonl";
    public const string Last = "last.safetensors";
    public const string Best = "best.safetensors";
    public const string Report = "report.html";
    public const string Test = "test.safetensors";
    public const string StatePrefix = "state-";

    private const string Runs = "runs";
    private const int LongestName = 20;
    private const int MostAtOnce = 1000; // runs of one name that begin in the same second

    private readonly RunLock _lock;
    private readonly bool _isNew;

    private bool _isDisposed;

    private RunFolder(string folder, RunLock claim, bool isNew)
    {
        (Folder, _lock, _isNew) = (folder, claim, isNew);
        AppDomain.CurrentDomain.ProcessExit += OnExit; // a job that is left where it is does not come to its end
    }

    /// <summary>The path of the folder.</summary>
    public string Folder { get; }

    public string ModelPath => Path.Combine(Folder, Best);

    public string StatePath => Path.Combine(Folder, Last);

    public string MetricsPath => Path.Combine(Folder, Metrics);

    /// <summary>Bytes of one of its files; 0 if it is not there.</summary>
    public long LengthOf(string name) => new FileInfo(Path.Combine(Folder, name)) is { Exists: true } file ? file.Length : 0;

    /// <summary>The command that goes on with the run.</summary>
    public string ResumeCommand => $"{Invocation.Program} train {RunSettings.Resume.Option} {Invocation.Quote(Folder)}";

    /// <summary>The states that --keep has kept, the oldest first. Steps start again in each fold, so that the time decides.</summary>
    public IEnumerable<string> KeptStates => Directory.EnumerateFiles(Folder, StatePrefix + "*.safetensors")
        .OrderBy(File.GetLastWriteTimeUtc).ThenBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal);

    /// <summary>Claims the folder that the settings name: that of a run to go on with, or one for a new run.</summary>
    /// <param name="chosen">The settings.</param>
    /// <param name="data">The data set or the path of the table, for the name of a new folder.</param>
    /// <inheritdoc cref="Claim(string?, string, bool)" path="/exception"/>
    public static RunFolder Claim(RunnerSettings chosen, string data) =>
        chosen.Run.Resume is { } resume ? Reopen(RunPlace.Of(resume).Folder) : Claim(chosen.Out, data, chosen.Run.Overwrite);

    /// <summary>Claims a folder for a new run.</summary>
    /// <param name="folder">The folder; null for a new one under runs, with the time and a name.</param>
    /// <param name="data">The data set or the path of the table, for the name.</param>
    /// <param name="overwrite">Whether an earlier run may be replaced.</param>
    /// <exception cref="RunnerException">The folder cannot be written, another run has it, or an earlier run is there.</exception>
    public static RunFolder Claim(string? folder, string data, bool overwrite = false)
    {
        if (folder is not null)
            return Claim(folder, overwrite, Setting.Out);
        string name = DefaultFor(data, DateTime.Now);
        for (int number = 1; number <= MostAtOnce; number++)
        {
            string path = number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{number}");
            if (!Path.Exists(path) && TryOpen(path, Setting.Out) is { } claimed)
                return claimed;
        }

        throw RunnerException.Usage($"{Printable.Path(name)} and {MostAtOnce - 1} folders beside it are taken; name one with {Setting.Out.Option}.");
    }

    /// <summary>Claims a folder that an option names.</summary>
    /// <inheritdoc cref="Claim(string?, string, bool)" path="/exception"/>
    public static RunFolder Claim(string folder, bool overwrite, Setting option)
    {
        RunFolder claimed = TryOpen(folder, option) ?? throw Taken(folder, option);
        try
        {
            claimed.ThrowIfFoldersHaveNames(option);
            if (!overwrite)
                claimed.ThrowIfUsed(option);
            return claimed;
        }
        catch
        {
            claimed.Dispose();
            throw;
        }
    }

    /// <summary>Claims the folder of an earlier run to go on with it.</summary>
    /// <exception cref="RunnerException">The folder cannot be written, or another run has it.</exception>
    private static RunFolder Reopen(string folder) => TryOpen(folder, RunSettings.Resume) ?? throw Taken(folder, RunSettings.Resume);

    /// <summary>runs/20261129-141512-adult for adult.csv.gz: the name is cut where it is long, and has no characters that a shell or
    /// a file system reads otherwise.</summary>
    public static string DefaultFor(string data, DateTime now)
    {
        char[] name = [.. Path.GetFileName(data).Split('.')[0].Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_').Take(LongestName)];
        string word = name.AsSpan().TrimStart('-').Length > 0 ? new string(name).TrimStart('-') : "table";
        return Path.Combine(Runs, string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd-HHmmss}-{word}"));
    }

    /// <summary>Removes an earlier run, but for its settings and its model: these are there until others take their place.</summary>
    /// <exception cref="RunnerException">A file cannot be removed.</exception>
    public void Clear()
    {
        try
        {
            foreach (string path in KeptStates.ToArray())
                File.Delete(path);
            File.Delete(StatePath);
            File.Delete(MetricsPath);
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw new RunnerException(ExitCodes.Unexpected, $"The earlier run in {Printable.Path(Folder)} cannot be removed: {WriteFault.Reason(e)}", e);
        }
    }

    /// <summary>Saves the settings, all of them resolved.</summary>
    /// <exception cref="RunnerException">The file cannot be written.</exception>
    public void SaveConfig(byte[] json) => OutputFolder.Write(Folder, Config, json);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _lock.Dispose();
        if (!_isNew)
            return;
        try
        {
            if (Directory.Exists(Folder) && !Directory.EnumerateFileSystemEntries(Folder).Any())
                Directory.Delete(Folder); // the run did not begin
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An empty folder stays.
        }
    }

    private void OnExit(object? sender, EventArgs e) => Dispose();

    private static RunFolder? TryOpen(string folder, Setting option)
    {
        bool isNew = !Directory.Exists(folder);
        OutputFolder.Make(folder, option);
        if (isNew && Path.GetDirectoryName(Path.GetFullPath(folder)) is { } parent)
            FolderSync.Flush(parent);
        if (RunLock.TryTake(folder) is not { } claim)
            return null;
        AtomicFile.RemoveLeftovers(folder, TimeSpan.Zero);
        return new RunFolder(folder, claim, isNew);
    }

    private static RunnerException Taken(string folder, Setting option) => RunnerException.Usage(
        $"Another run ({RunLock.HolderOf(folder)}) is writing to {Printable.Path(folder)}; its lock is {Printable.Path(RunLock.PathIn(folder))}. Wait for it to end{(option == RunSettings.Resume ? "" : $", or choose another {option.Option}")}.");

    private void ThrowIfFoldersHaveNames(Setting option)
    {
        foreach (string name in (string[])[Config, Metrics, Last, Best])
        {
            if (Directory.Exists(Path.Combine(Folder, name)))
                throw RunnerException.Usage($"{Printable.Path(Path.Combine(Folder, name))} cannot be written, because a folder has that name; remove it or choose another {option.Option}.");
        }
    }

    private void ThrowIfUsed(Setting option)
    {
        string other = $"choose another {option.Option}, or replace it with {RunSettings.Overwrite.Option}.";
        if (Path.Exists(ModelPath))
            throw RunnerException.Usage($"{Printable.Path(Folder)} has the model of an earlier run; {other}");
        if (Path.Exists(Path.Combine(Folder, Config)) || Path.Exists(StatePath))
            throw RunnerException.Usage($"{Printable.Path(Folder)} has a run that did not end; go on with it ({ResumeCommand}), {other}");
    }
}
