// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Settings;

/// <summary>The settings of the output during a run, and of reports.</summary>
internal static class ReportSettings
{
    public static Setting Quiet { get; } = Setting.Flag("Quiet", "--quiet", "Writes nothing to standard output, except the lines of --json.", s => s.Quiet = true);

    public static Setting Runs { get; } = new("Runs", "--runs", "RUN", "folders of runs, or a folder of such folders",
        "Folders of runs, or a folder of such folders.",
        (s, text) => text.Split('\n') is var runs && runs.All(Setting.IsPath) && Setting.Set(() => s.Runs = runs))
    { Argument = "RUN", TakesMany = true };

    public static Setting Svg { get; } = new("Svg", "--svg", "DIR", "a folder",
        "Folder to which each figure is also written as a file (SVG).",
        (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Svg = text));

    public static Setting Html { get; } = new("Html", "--html", "FILE", "a file",
        "File for a page with curves, weights and decision regions. It is rewritten until all runs have ended.",
        (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Html = text));

    public static IReadOnlyList<Setting> All { get; } = [Quiet, Runs, Svg, Html];
}
