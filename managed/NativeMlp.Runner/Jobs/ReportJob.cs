// SPDX-License-Identifier: MIT
using System.Text;
using Microsoft.Extensions.Options;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Figures;
using NativeMlp.Runner.Reports.Pages;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Jobs;

/// <summary>Rewrites the report of a run, and with --svg each of its figures.</summary>
internal sealed class ReportJob(IOptions<RunnerSettings> settings) : IJob
{
    public const string Command = "report";

    public int Run(CancellationToken stop)
    {
        RunRecord run = RunRecord.Read(RunFolders.One(settings.Value, Command));
        Terminal terminal = Terminal.Create();
        string page = Path.Combine(run.Folder, RunFolder.Report);
        Write(page, ReportPage.Write(run));
        terminal.WriteCommand("report", page);
        if (settings.Value.Svg is not { } folder)
            return ExitCodes.Done;
        OutputFolder.Make(folder, ReportSettings.Svg);
        foreach (Figure figure in RunFigures.Of(run))
        {
            string path = Path.Combine(folder, figure.Name + ".svg");
            Write(path, figure.ToFile());
            terminal.WriteCommand("figure", path);
        }

        return ExitCodes.Done;
    }

    /// <summary>Writes a page or a figure.</summary>
    /// <exception cref="RunnerException">It cannot be written.</exception>
    public static void Write(string path, string text) =>
        OutputFolder.Write(path, file => AtomicFile.WriteAllBytes(file, Encoding.UTF8.GetBytes(text)));
}
