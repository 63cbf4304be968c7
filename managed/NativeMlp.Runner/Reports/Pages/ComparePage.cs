// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Figures;
using NativeMlp.Runner.Reports.Records;

namespace NativeMlp.Runner.Reports.Pages;

/// <summary>A page that compares runs.</summary>
internal static class ComparePage
{
    private const int LongestValue = 300;
    private const int MostPictures = 12;

    /// <param name="comparison">The runs.</param>
    /// <param name="goesOn">Whether the page will be rewritten.</param>
    public static string Write(Comparison comparison, bool goesOn)
    {
        IReadOnlyList<RunRecord> runs = comparison.Runs;
        Html body = Html.Join(
        [
            Html.Of($"<header><h1>{runs.Count} runs</h1><p class=\"lead\">{string.Join(", ", runs.Select(run => run.Name))}</p></header>\n"),
            Page.Section("Runs", Overview(runs)),
            Page.Section("Settings that differ", Settings(comparison)),
            Page.Section("Curves", Page.Figures(ComparisonFigures.Of(runs))),
            Page.Section("Test", Test(comparison)),
            Page.Section("Statistical tests", Tests(comparison)),
            Page.Section("Decision regions", Page.Figures(Pictures(runs, run => run.Test is { } test ? PictureFigures.Region(test) : null))),
            Page.Section("First-layer weights", Page.Figures(Pictures(runs, run => PictureFigures.Weights(run.Model)))),
        ]);
        return Page.Document($"{runs.Count} runs – NativeMlp", goesOn, body);
    }

    private static Html Overview(IReadOnlyList<RunRecord> runs) => Page.Table(["run", "status", "epochs", "seconds", "network", "parameters"], runs.Select(run => (string[])
    [
        run.Name, run.Status, run.History.Epochs.Count == 0 ? "0" : Format.Count(run.History.Epochs.Max(epoch => epoch.Epoch)),
        run.History.Seconds is { } seconds ? Format.Real(Math.Round(seconds, 1)) : "", run.Model?.Shape ?? "", run.Model is { } model ? Format.Count(model.Parameters) : "",
    ]));

    private static Html Settings(Comparison comparison) => comparison.DifferentSettings.Count == 0 ? Html.Of($"<p>All settings are the same.</p>")
        : Page.Texts(["setting", .. comparison.Runs.Select(run => run.Name)],
            comparison.DifferentSettings.Select(setting => (IEnumerable<string>)[setting.Key, .. setting.Values.Select(value => Printable.Text(value, LongestValue))]));

    private static Html Test(Comparison comparison)
    {
        if (comparison.MeasureNames.Count == 0)
            return Html.Empty;
        Html table = Page.Table(["figure", .. comparison.Runs.Select(run => run.Name)], comparison.MeasureNames.Select(name => (IEnumerable<string>)
            [name, .. comparison.Runs.Select((_, i) => comparison.MeasureOf(i, name) is { } measure ? Numbers.Of(measure) + (measure.Interval is null ? "" : $" ({Numbers.IntervalOf(measure)})") : "")]));
        return Html.Of($"{table}<p class=\"note\">The numbers in parentheses are the 95 % interval of each figure.</p>");
    }

    private static Html Tests(Comparison comparison)
    {
        if (comparison.Runs.All(run => run.Test is null))
            return Html.Empty;
        Html table = Page.Table(["run", "figure", "difference", "95 % interval", "p", "verdict", "by"], comparison.Tests.Select(test => (string[])
        [
            test.Name, test.Figure, test.Difference is { } difference ? Numbers.Signed(difference) : "", test.Interval is { } interval ? $"{Numbers.Signed(interval.Low)} to {Numbers.Signed(interval.High)}" : "",
            test.PValue is { } p ? Numbers.Probability(p) : "", test.Verdict, test.Note,
        ]));
        return Html.Of($"<p>Each run is compared with {comparison.Runs[0].Name} on the same test rows.</p>\n{table}<p class=\"note\">p is the probability of a difference at least as large if neither run were better; from {PairedTest.Level.ToString(System.Globalization.CultureInfo.InvariantCulture)} on there is no clear difference. The test compares these two models. It does not say how models trained with other seeds would differ.</p>");
    }

    private static IEnumerable<Figure> Pictures(IReadOnlyList<RunRecord> runs, Func<RunRecord, Figure?> draw) => runs.Take(MostPictures)
        .Select((run, i) => draw(run) is { } figure ? figure with { Name = FormattableString.Invariant($"{figure.Name}-{i + 1}"), Title = run.Name } : null).OfType<Figure>();
}
