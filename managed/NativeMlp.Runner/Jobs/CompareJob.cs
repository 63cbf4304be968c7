// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Pages;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Jobs;

/// <summary>Compares runs, in the terminal and as a page.</summary>
internal sealed class CompareJob(IOptions<RunnerSettings> settings) : IJob
{
    public const string Command = "compare";

    private const int MostRuns = 200;
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(Page.ReloadSeconds);

    public int Run(CancellationToken stop)
    {
        if (settings.Value.Runs.Count == 0)
            throw RunnerException.Usage($"Name the folders of runs, or a folder of such folders, as in: nativemlp {Command} runs.");
        Comparison comparison = settings.Value.Html is { } page ? Watch(page, stop) : Read(Folders());
        new CompareView(Terminal.Create()).Show(comparison);
        if (settings.Value.Html is { } written)
            Terminal.Create().WriteCommand("page", written);
        return ExitCodes.Done;
    }

    private static Comparison Read(IEnumerable<string> folders) => new([.. folders.Select(RunRecord.Read)]);

    private string[] Folders()
    {
        string[] folders = [.. settings.Value.Runs.SelectMany(RunFolders.In).Distinct(StringComparer.Ordinal)];
        return folders.Length <= MostRuns ? folders
            : throw RunnerException.Usage($"There are {Format.Count(folders.Length)} runs, but at most {MostRuns} can be compared at once.");
    }

    // The page is rewritten while a run is active, and once more after the last run has ended. The locks are checked before the files
    // are read, because a run writes its test after its result and releases its lock last.
    private Comparison Watch(string page, CancellationToken stop)
    {
        while (true)
        {
            string[] folders = Folders();
            bool goesOn = folders.Any(RunFolders.IsGoingOn);
            Comparison comparison = Read(folders);
            ReportJob.Write(page, ComparePage.Write(comparison, goesOn));
            if (!goesOn)
                return comparison;
            stop.WaitHandle.WaitOne(s_period);
            stop.ThrowIfCancellationRequested();
        }
    }
}
