// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Pages;
using NativeMlp.Runner.Reports.Records;

namespace NativeMlp.Runner.Jobs;

/// <summary>Shows a comparison of runs in the terminal.</summary>
internal sealed class CompareView(Terminal terminal)
{
    private const int WidestValue = 24;
    private const int MostMeasures = 2; // the first of each kind of run: accuracy, R²

    public void Show(Comparison comparison)
    {
        ShowRuns(comparison);
        ShowSettings(comparison);
        ShowTests(comparison);
    }

    private void ShowRuns(Comparison comparison)
    {
        string[] names = [.. comparison.Measures.Where(measures => measures.Count > 0).Select(measures => measures[0].Name).Distinct().Take(MostMeasures)];
        TextTable table = new(["run", "status", "epochs", .. names.SelectMany(name => (string[])[name, "95 % interval"])]);
        for (int i = 0; i < comparison.Runs.Count; i++)
        {
            RunRecord run = comparison.Runs[i];
            int epochs = run.History.Epochs.Count == 0 ? 0 : run.History.Epochs.Max(epoch => epoch.Epoch);
            table.Add(run.Name, [run.Status, Format.Count(epochs), .. names.SelectMany(name => comparison.MeasureOf(i, name) is { } measure
                ? (string[])[Numbers.Of(measure), Numbers.IntervalOf(measure)] : ["", ""])]);
        }

        table.Write(terminal);
    }

    private void ShowSettings(Comparison comparison)
    {
        if (comparison.DifferentSettings.Count == 0)
            return;
        terminal.WriteLine();
        TextTable table = new(["setting", .. comparison.Runs.Select(run => Printable.Text(run.Name, WidestValue))]);
        foreach ((string key, IReadOnlyList<string> values) in comparison.DifferentSettings)
            table.Add(key, [.. values.Select(value => Printable.Text(value, WidestValue))]);
        table.Write(terminal);
    }

    private void ShowTests(Comparison comparison)
    {
        foreach (PairedTest test in comparison.Tests)
        {
            terminal.WriteLine();
            string difference = test.Difference is { } d ? $"{test.Figure} {Numbers.Signed(d)}"
                + (test.Interval is { } interval ? $" ({Numbers.Signed(interval.Low)} to {Numbers.Signed(interval.High)})" : "")
                + $", p {Numbers.Probability(test.PValue!.Value)}: {test.Verdict}" : test.Verdict;
            terminal.WriteText($"{test.Name} against {comparison.Runs[0].Name}: {difference}.");
            terminal.WriteText($"  {test.Note}.");
        }
    }
}
