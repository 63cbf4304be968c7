// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Interop;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Runs;

/// <summary>The folder of a run, which is locked before training. It receives settings, metrics, states and the model. An earlier run
/// is replaced only on request.</summary>
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
    private const int MostAtOnce = 1000; // runs with the same name that begin in the same second

    private readonly RunLock _lock;
    private readonly bool _isNew;

    private bool _isDisposed;

    private RunFolder(string folder, RunLock claim, bool isNew)
    {
        (Folder, _lock, _isNew) = (folder, claim, isNew);
        AppDomain.CurrentDomain.ProcessExit += OnExit; // Dispose is not called for a job that is abandoned
    }

    /// <summary>The path of the folder.</summary>
    public string Folder { get; }

    public string ModelPath => Path.Combine(Folder, Best);

    public string StatePath => Path.Combine(Folder, Last);

    public string MetricsPath => Path.Combine(Folder, Metrics);

    /// <summary>Returns the size of one of its files in bytes; 0 if it does not exist.</summary>
    public long LengthOf(string name) => new FileInfo(Path.Combine(Folder, name)) is { Exists: true } file ? file.Length : 0;

    /// <summary>The command that resumes the run.</summary>
    public string ResumeCommand => $"{Invocation.Program} train {RunSettings.Resume.Option} {Invocation.Quote(Folder)}";

    /// <summary>The states that --keep has kept, oldest first. The order is by time, because step numbers start again in each fold.</summary>
    public IEnumerable<string> KeptStates => Directory.EnumerateFiles(Folder, StatePrefix + "*.safetensors")
        .OrderBy(File.GetLastWriteTimeUtc).ThenBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal);

    /// <summary>Locks the folder that the settings name: the folder of a run to resume, or one for a new run.</summary>
    /// <param name="chosen">The settings.</param>
    /// <param name="data">The data set or the path of the table, for the name of a new folder.</param>
    /// <inheritdoc cref="Claim(string?, string, bool)" path="/exception"/>
    public static RunFolder Claim(RunnerSettings chosen, string data) =>
        chosen.Run.Resume is { } resume ? Reopen(RunPlace.Of(resume).Folder) : Claim(chosen.Out, data, chosen.Run.Overwrite);

    /// <summary>Locks a folder for a new run.</summary>
    /// <param name="folder">The folder; null for a new folder under <c>runs</c>, whose name contains the time and the name of the data.</param>
    /// <param name="data">The data set or the path of the table, for the name.</param>
    /// <param name="overwrite">Whether an earlier run may be replaced.</param>
    /// <exception cref="RunnerException">The folder cannot be written, another run is using it, or it contains an earlier run.</exception>
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

        throw RunnerException.Usage($"{Printable.Path(name)} and {MostAtOnce - 1} numbered folders beside it already exist; name another folder with {Setting.Out.Option}.");
    }

    /// <summary>Locks a folder that an option names.</summary>
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

    /// <summary>Locks the folder of an earlier run in order to resume it.</summary>
    /// <exception cref="RunnerException">The folder cannot be written, or another run is using it.</exception>
    private static RunFolder Reopen(string folder) => TryOpen(folder, RunSettings.Resume) ?? throw Taken(folder, RunSettings.Resume);

    /// <summary>The default folder, such as runs/20261129-141512-adult for adult.csv.gz. A long name is shortened, and characters that have
    /// a special meaning for a shell or a file system are removed.</summary>
    public static string DefaultFor(string data, DateTime now)
    {
        char[] name = [.. Path.GetFileName(data).Split('.')[0].Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_').Take(LongestName)];
        string word = name.AsSpan().TrimStart('-').Length > 0 ? new string(name).TrimStart('-') : "table";
        return Path.Combine(Runs, string.Create(CultureInfo.InvariantCulture, $"{now:yyyyMMdd-HHmmss}-{word}"));
    }

    /// <summary>Removes an earlier run except for its settings and its model, which are kept until the new run replaces them.</summary>
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

    /// <summary>Saves the values of all settings.</summary>
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
                Directory.Delete(Folder); // the run has not begun
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The empty folder is left.
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
            throw RunnerException.Usage($"{Printable.Path(Folder)} contains the model of an earlier run; {other}");
        if (Path.Exists(Path.Combine(Folder, Config)) || Path.Exists(StatePath))
            throw RunnerException.Usage($"{Printable.Path(Folder)} contains an unfinished run; resume it ({ResumeCommand}), {other}");
    }
}
