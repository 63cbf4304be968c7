// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Pages;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Jobs;

/// <summary>Puts runs side by side, in the terminal and as a page.</summary>
internal sealed class CompareJob(IOptions<RunnerSettings> settings) : IJob
{
    public const string Command = "compare";

    private const int MostRuns = 200;
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(Page.ReloadSeconds);

    public int Run(CancellationToken stop)
    {
        if (settings.Value.Runs.Count == 0)
            throw RunnerException.Usage($"Name the folders of runs, or a folder of such folders, as in: nativemlp {Command} runs.");
        Comparison comparison = Read();
        if (settings.Value.Html is { } page)
            comparison = Watch(page, comparison, stop);
        new CompareView(Terminal.Create()).Show(comparison);
        if (settings.Value.Html is { } written)
            Terminal.Create().WriteCommand("page", written);
        return ExitCodes.Done;
    }

    private Comparison Read()
    {
        string[] folders = [.. settings.Value.Runs.SelectMany(RunFolders.In).Distinct(StringComparer.Ordinal)];
        return folders.Length <= MostRuns ? new Comparison([.. folders.Select(RunRecord.Read)])
            : throw RunnerException.Usage($"There are {Format.Count(folders.Length)} runs; at most {MostRuns} can be compared at once.");
    }

    // The page is written again while a run goes on, and once more when none does.
    private Comparison Watch(string page, Comparison comparison, CancellationToken stop)
    {
        bool goesOn = true;
        while (goesOn)
        {
            goesOn = comparison.Runs.Any(run => run.IsRunning && RunFolders.IsGoingOn(run.Folder));
            ReportJob.Write(page, ComparePage.Write(comparison, goesOn));
            if (goesOn && stop.WaitHandle.WaitOne(s_period))
                break;
            comparison = goesOn ? Read() : comparison;
        }

        stop.ThrowIfCancellationRequested();
        return comparison;
    }
}
