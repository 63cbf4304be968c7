// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Figures;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Reports.Pages;

/// <summary>The report of a run, as a page.</summary>
internal static class ReportPage
{
    private const int MostClasses = 60;
    private const int MostTiles = 3;
    private static readonly string[] s_tiles = ["accuracy", "all labels right", "ROC-AUC", "log-loss", "R²", "RMSE", "MAE"];
    private static readonly string[] s_curves = ["loss", "accuracy", "learning-rate"];

    public static string Write(RunRecord run)
    {
        IReadOnlyList<Figure> figures = RunFigures.Of(run);
        IReadOnlyList<Measure> measures = run.Test is { } test ? TestIntervals.Of(test) : [];
        Html body = Html.Join(
        [
            Header(run),
            Progress(run),
            Page.Tiles(Tiles(run, measures)),
            Page.Section("Training", Page.Figures(figures.Where(IsCurve))),
            Page.Section("Test", Test(run, measures)),
            Page.Section("Classes", Classes(run)),
            Page.Section("Quality of the predictions", Page.Figures(figures.Where(figure => !IsCurve(figure) && figure.Name is not ("importance" or "weights" or "region")))),
            Page.Section("Worst predictions", MistakeTable.Of(run.Test)),
            Page.Section("What the model depends on", Page.Figures(figures.Where(figure => figure.Name is "importance" or "weights" or "region"))),
            Page.Section("Settings", Settings(run)),
            Page.Section("Repeat this run", Repeat(run)),
        ]);
        return Page.Document($"{run.Name} – NativeMlp", run.IsRunning, body);
    }

    private static bool IsCurve(Figure figure) => s_curves.Contains(figure.Name);

    private static Html Header(RunRecord run)
    {
        string style = run.Status switch { "done" or "stopped early" => "done", "running" => "running", _ => "bad" };
        string label = (run.Config[ColumnSettings.Label.Key] ?? run.Config[ColumnSettings.Labels.Key]) is { } column ? $", which predicts {Printable.Text(column, 80)}" : "";
        return Html.Of($"<header><h1>{run.Name} <span class=\"status {style}\">{run.Status}</span></h1><p class=\"lead\">{run.Networks}, trained on {Path.GetFileName(run.Data)}{label}.</p></header>\n");
    }

    private static Html Progress(RunRecord run)
    {
        if (!run.IsRunning || run.EpochsPlanned == 0)
            return Html.Empty;
        int done = run.History.Epochs.Count == 0 ? 0 : run.History.Epochs.Max(epoch => epoch.Epoch);
        return Html.Of($"<p><progress max=\"{run.EpochsPlanned}\" value=\"{done}\"></progress><span class=\"note\">Epoch {Format.Count(done)} of {Format.Count(run.EpochsPlanned)}; this page reloads every {Page.ReloadSeconds} seconds until the run ends.</span></p>\n");
    }

    private static IEnumerable<(string, string, string)> Tiles(RunRecord run, IReadOnlyList<Measure> measures)
    {
        foreach (Measure measure in measures.Where(measure => measure.Value is not null && s_tiles.Contains(measure.Name)).Take(MostTiles))
            yield return ("test " + measure.Name, Numbers.Of(measure), measure.Interval is { } interval ? "95 %: " + Numbers.Of(interval, measure.Unitless) : "");
        if (run.History.Epochs is [.., var last])
        {
            if (run.Test is null && last.Loss is { } loss)
                yield return ("training loss", Format.Loss(loss), "");
            if (run.Test is null && last.ValidationLoss is { } validation)
                yield return ("validation loss", Format.Loss(validation), last.ValidationAccuracy is { } accuracy ? $"accuracy {Format.Accuracy(accuracy)}" : "");
            yield return ("epochs", Format.Count(run.History.Epochs.Max(epoch => epoch.Epoch)), run.History.Seconds is { } seconds ? Format.Seconds(TimeSpan.FromSeconds(seconds)) : "");
            if (last.RowsPerSecond is { } speed)
                yield return ("rows per second", Format.Count((long)speed), "while training");
        }

        if (run.Model is { } model)
            yield return ("parameters", Format.Count(model.Parameters), model.Networks == 1 ? "" : $"in {model.Networks} networks");
    }

    private static Html Test(RunRecord run, IReadOnlyList<Measure> measures)
    {
        if (run.Test is not { } test)
            return run.History.Result is null ? Html.Empty : Html.Of($"<p class=\"note\">There are no test results: the run was not evaluated on test rows.</p>");
        string how = test.Weights.Length == 0 && test.Task != Tables.TableTask.Regression ? "The interval of the accuracy is Wilson's. The others are" : "The intervals are";
        return Html.Of($"{Page.Table(["figure", "value", "95 % interval"], measures.Select(measure => (string[])[measure.Name, Numbers.Of(measure), Numbers.IntervalOf(measure)]))}<p class=\"note\">On {Format.Count(test.Rows)} test rows. An interval shows how much the figure depends on the choice of the test rows. It does not include the effect of the training seed. {how} computed by the bootstrap with {Format.Count(TestIntervals.SamplesFor(test.Rows))} samples and a fixed seed.</p>");
    }

    private static Html Classes(RunRecord run)
    {
        if (run.Test is not { } test)
            return Html.Empty;
        Tables.TableEvaluation evaluation = test.Evaluate();
        (string Name, ClassMetrics Figures)[] classes = evaluation switch
        {
            { Classification: { } one } => [.. one.Classes.Select(c => (test.Names[c.Class], c))],
            { Multilabel: { } several } => [.. several.Labels.Select((label, i) => (test.Names[i], label.Classes[1]))],
            _ => [],
        };
        if (classes.Length == 0)
            return Html.Empty;
        Html table = Page.Table([test.HasClasses ? "class" : "label", "precision", "recall", "F1", "ROC-AUC", "average precision", "rows", "predicted"],
            classes.Take(MostClasses).Select(c => (string[])
            [
                c.Name, Format.Metric(c.Figures.Precision), Format.Metric(c.Figures.Recall), Format.Metric(c.Figures.F1), Format.Metric(c.Figures.RocAuc),
                Format.Metric(c.Figures.AveragePrecision), Format.Real(c.Figures.Support), Format.Real(c.Figures.Predicted),
            ]));
        return classes.Length <= MostClasses ? table : Html.Of($"{table}<p class=\"note\">The table shows the first {MostClasses} of {classes.Length}.</p>");
    }

    private static Html Settings(RunRecord run) => run.Config.Settings.Count == 0 ? Html.Empty
        : Page.Texts(["setting", "value"], run.Config.Settings.Select(setting => (string[])[setting.Key, Printable.Text(setting.Value, 2000)]));

    private static Html Repeat(RunRecord run)
    {
        string config = Path.Combine(run.Folder, RunFolder.Config);
        string hash = run.History.Result?.WeightsSha256 ?? "";
        return Html.Of($"<pre>nativemlp train --config {Invocation.Quote(config)}</pre>\n{(hash.Length == 0 ? Html.Empty : Html.Of($"<p class=\"note\">The run ends with the same weights on every machine. Their SHA-256 is <span style=\"overflow-wrap:anywhere\">{hash}</span>.</p>"))}");
    }
}
