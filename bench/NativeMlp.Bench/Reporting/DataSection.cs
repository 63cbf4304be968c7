// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Bench.Measuring;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Reporting;

/// <summary>What Adam, gathered rows and a whole epoch cost.</summary>
internal static class DataSection
{
    public static void Write(MarkdownWriter document, Measurements measurements)
    {
        document.Heading(2, "Adam, gathered rows, epochs");
        document.Paragraph("How much longer a step takes than with momentum on a batch that lies ready. Gathered rows come by index, in shuffled "
            + "order, out of a data set that no cache holds, and are normalised on the way. "
            + string.Join("; ", Measurements.ThreadCounts.Select(threads => MachineSection.State(measurements, threads))) + ".");
        document.Table(["step", "threads", "momentum, ready, µs", "this, µs", "longer by"],
        [
            .. PeerMeasurements.AdamNetworks.SelectMany(network => Rows(measurements, network, "Adam", Sections.Step, Sections.Optimizer(network.Name, OptimizerKind.Adam))),
            .. Gathered(measurements, Network.B),
            .. Gathered(measurements, Network.A),
        ]);
        document.Paragraph("An epoch of B over 60000 × 784 floats, in a new order, rows gathered (TorchSharp: randperm and index_select, no normalisation).");
        document.Table(["peer", .. Measurements.ThreadCounts.Select(threads => $"s, {threads} {(threads == 1 ? "thread" : "threads")}")],
            [.. new[] { PeerList.Own, PeerList.Torch }.Select(peer => Epoch(measurements, peer))]);
    }

    private static IEnumerable<string[]> Gathered(Measurements measurements, Network network) =>
    [
        .. Rows(measurements, network, "bytes gathered", Sections.Data, Sections.Gathered(network.Name, bytes: true)),
        .. Rows(measurements, network, "floats gathered", Sections.Data, Sections.Gathered(network.Name, bytes: false)),
    ];

    private static IEnumerable<string[]> Rows(Measurements measurements, Network network, string what, string section, string name)
    {
        foreach (int threads in Measurements.ThreadCounts)
        {
            Figure? ready = measurements.Find(PeerList.Own.Key, threads, Sections.Step, StepSection.Case(network));
            Figure? other = measurements.Find(PeerList.Own.Key, threads, section, name);
            yield return
            [
                $"{network.Name}, {what}", threads.ToString(CultureInfo.InvariantCulture),
                ready?.Select(seconds => 1e6 * seconds).Format(4) ?? "–",
                other?.Select(seconds => 1e6 * seconds).Format(4) ?? measurements.Absence(PeerList.Own.Key, threads, section, name),
                Figure.Zip(other, ready, (longer, least) => longer / least - 1)?.FormatPercent() ?? "–",
            ];
        }
    }

    private static string[] Epoch(Measurements measurements, PeerEntry peer) =>
    [
        peer.Name,
        .. Measurements.ThreadCounts.Select(threads => measurements.Find(peer.Key, threads, Sections.Data, Sections.Epoch)?.Format()
            ?? measurements.Absence(peer.Key, threads, Sections.Data, Sections.Epoch)),
    ];
}
