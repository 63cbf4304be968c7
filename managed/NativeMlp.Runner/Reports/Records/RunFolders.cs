// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>Finds the runs that the arguments of a command name.</summary>
internal static class RunFolders
{
    /// <summary>The folder itself if it is the folder of a run; otherwise the runs in it, sorted by name.</summary>
    /// <exception cref="RunnerException">The folder does not exist, or contains no run.</exception>
    public static IReadOnlyList<string> In(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw RunnerException.BadData(File.Exists(folder)
                ? $"{Printable.Path(folder)} is a file, but it must be the folder of a run; nativemlp summary shows a model file."
                : $"The folder {Printable.Path(folder)} does not exist; nativemlp train creates a run.");
        }

        if (RunRecord.IsRun(folder))
            return [folder];
        string[] runs = [.. Directory.EnumerateDirectories(folder).Where(RunRecord.IsRun).Order(StringComparer.Ordinal)];
        return runs.Length > 0 ? runs : throw RunnerException.BadData(
            $"{Printable.Path(folder)} is not the folder of a run and has none in it: there is no {RunFolder.Config} and no {RunFolder.Metrics}.");
    }

    /// <summary>The folder of one run.</summary>
    /// <exception cref="RunnerException">No folder was named, it does not exist, or it is not the folder of a run.</exception>
    public static string One(RunnerSettings chosen, string command) => chosen.Runs switch
    {
        [] => throw RunnerException.Usage($"Name the folder of a run, as in: nativemlp {command} runs/adult."),
        [var folder] => In(folder) is [var run] && run == folder ? run : throw RunnerException.Usage(
            $"{Printable.Path(folder)} contains several runs; name one of them: {string.Join(", ", In(folder).Take(5).Select(Printable.Path))}."),
        _ => throw RunnerException.Usage($"{command} takes one run, but {chosen.Runs.Count} were named; use nativemlp compare for several runs."),
    };

    /// <summary>Whether a process is writing to the folder of a run. Such a process holds the lock.</summary>
    public static bool IsGoingOn(string folder)
    {
        try
        {
            using FileStream file = new(RunLock.PathIn(folder), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false; // no process holds it: the run was killed
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
