// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using NativeMlp.Bench.Measuring;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Reporting;

/// <summary>One picture: samples per second of a train step relative to the best peer, and the limit.</summary>
internal static class StepChart
{
    private const int Width = 820;
    private const int BarLeft = 190;
    private const int BarRight = 610;
    private const int Top = 62;
    private const int HeaderHeight = 22;
    private const int BarHeight = 14;
    private const int RowHeight = 19;
    private const int GroupGap = 12;

    // Mid tones hold against white and against near black; text follows the reader's choice.
    private const string Style = """
        text { font: 12px system-ui, sans-serif; fill: #24292f }
        .title { font-weight: 600; font-size: 15px }
        .network { font-weight: 600; font-size: 13px }
        .right { text-anchor: end }
        .one { stroke: #8c959f; stroke-dasharray: 3 3 }
        .own { fill: #2a9464 }
        .peer { fill: #8c959f }
        .limit { fill: none; stroke: #d97c1e; stroke-width: 1.5 }
        @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }
        """;

    /// <param name="Label">Whose it is.</param>
    /// <param name="Kind">The class in <see cref="Style"/>.</param>
    /// <param name="Seconds">The time of a step.</param>
    private sealed record Bar(string Label, string Kind, double Seconds);

    /// <param name="Network">The network.</param>
    /// <param name="Unit">The time of the best peer's step; ours where there is no peer.</param>
    /// <param name="Bars">From top to bottom.</param>
    private sealed record Group(Network Network, double Unit, IReadOnlyList<Bar> Bars);

    public static string Draw(Measurements measurements)
    {
        Group[] groups = [.. Network.All.Select(network => Measure(measurements, network)).OfType<Group>()];
        // A limit beyond all bars is cut off: it would make them short.
        double widest = groups.SelectMany(group => group.Bars.Where(bar => bar.Kind != "limit").Select(bar => group.Unit / bar.Seconds)).Append(1).Max() * 1.05;
        StringBuilder drawing = new();
        int y = Top;
        foreach (Group group in groups) y = Draw(drawing, group, y, widest);
        return Invariant($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {y}" width="{Width}" height="{y}" role="img">
            <title>Train step: samples per second, relative to the best peer</title>
            <style>
            {Style}
            </style>
            <text class="title" x="12" y="24">Train step: samples per second, relative to the best peer</text>
            <text x="12" y="44">Each at its better number of threads. Limit: matrix products at the FMA peak and one pass of the update.</text>
            {drawing}</svg>

            """);
    }

    private static Group? Measure(Measurements measurements, Network network)
    {
        string name = StepSection.Case(network);
        if (measurements.FindFastest(PeerList.Own.Key, Sections.Step, name) is not { } own) return null;
        List<Bar> bars = [];
        foreach (PeerEntry peer in StepSection.Peers)
        {
            if (measurements.FindFastest(peer.Key, Sections.Step, name) is { } found)
                bars.Add(new Bar($"{peer.Name}, {found.Threads} thr.", peer == PeerList.Own ? "own" : "peer", found.Figure.Median));
        }

        double[] limits = [.. Measurements.ThreadCounts.Select(threads => StepSection.Limit(measurements, network, threads)?.Median ?? double.NaN)];
        if (limits.Any(double.IsFinite)) bars.Add(new Bar("limit", "limit", limits.Where(double.IsFinite).Min()));
        return new Group(network, (measurements.FindBestPeer(Sections.Step, name)?.Figure ?? own.Figure).Median, bars);
    }

    private static int Draw(StringBuilder drawing, Group group, int y, double widest)
    {
        Network network = group.Network;
        drawing.Append(Invariant($"<text class=\"network\" x=\"12\" y=\"{y + 14}\">{network.Name}: {network.Shape}, batch {network.Batch}</text>\n"));
        y += HeaderHeight;
        int first = y;
        foreach (Bar bar in group.Bars)
        {
            double ratio = group.Unit / bar.Seconds;
            double width = (BarRight - BarLeft) * Math.Min(ratio, widest) / widest;
            string beyond = ratio > widest ? " →" : "";
            drawing.Append(Invariant($"<text class=\"right\" x=\"{BarLeft - 8}\" y=\"{y + 11}\">{bar.Label}</text>"));
            drawing.Append(Invariant($"<rect class=\"{bar.Kind}\" x=\"{BarLeft}\" y=\"{y}\" width=\"{width:F1}\" height=\"{BarHeight}\"/>"));
            drawing.Append(Invariant($"<text class=\"right\" x=\"{BarRight + 76}\" y=\"{y + 11}\">{Figure.Number(ratio)} ×{beyond}</text>"));
            drawing.Append(Invariant($"<text class=\"right\" x=\"{Width - 12}\" y=\"{y + 11}\">{network.Batch / bar.Seconds:N0}/s</text>\n"));
            y += RowHeight;
        }

        // Where the best peer is, beside the bars only: the heading stays free.
        double one = BarLeft + (BarRight - BarLeft) / widest;
        drawing.Append(Invariant($"<line class=\"one\" x1=\"{one:F1}\" y1=\"{first - 2}\" x2=\"{one:F1}\" y2=\"{y - RowHeight + BarHeight + 2}\"/>\n"));
        return y + GroupGap;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
