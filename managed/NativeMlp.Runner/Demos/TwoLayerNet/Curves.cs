// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Xml.Linq;
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Demos.TwoLayerNet;

/// <summary>The course's plots as SVG: for each run its loss by step, and its training and validation accuracy by epoch.</summary>
internal static class Curves
{
    private const int Width = 840;
    private const int RowHeight = 290;
    private const int TitleHeight = 34;

    // Mid tones hold against white and against near black; text follows the reader's choice.
    private const string Style = """

        text { font: 12px system-ui, sans-serif; fill: #24292f }
        .title { font-weight: 600; font-size: 15px }
        .end { text-anchor: end }
        .middle { text-anchor: middle }
        .grid { stroke: #8c959f; stroke-opacity: 0.35 }
        polyline { fill: none; stroke-width: 1.2; stroke-linejoin: round }
        .first { stroke: #2a9464 }
        .second { stroke: #d97c1e }
        @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }

        """;

    public static string Draw(IReadOnlyList<CourseRun> runs)
    {
        int height = runs.Count * RowHeight;
        XElement svg = Svg.Element("svg", ("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {Width} {height}")), ("width", Width), ("height", height), ("role", "img"));
        svg.Add(Svg.Element("title", "Loss and accuracy of the two-layer network on CIFAR-10"), Svg.Element("style", Style));
        for (int i = 0; i < runs.Count; i++)
            svg.Add(DrawRun(runs[i], i * RowHeight));
        return svg + "\n";
    }

    private static IEnumerable<XElement> DrawRun(CourseRun run, int top)
    {
        yield return Svg.Label(run.Title, "title", 12, top + 24);
        yield return new Plot(0, top + TitleHeight, "loss", "step").Draw(
            ("loss", [.. run.Losses.Select((loss, i) => (i + 1.0, loss))]));
        yield return new Plot(Width / 2, top + TitleHeight, "accuracy", "step").Draw(
            ("training batch", [.. run.Epochs.Select(epoch => ((double)epoch.Step, epoch.Training))]),
            ("validation", [.. run.Epochs.Select(epoch => ((double)epoch.Step, epoch.Validation ?? 0))]));
    }
}
