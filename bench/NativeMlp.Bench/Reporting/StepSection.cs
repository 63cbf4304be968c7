// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Bench.Measuring;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Reporting;

/// <summary>Whole training steps: ours, beside the limit, against the peers.</summary>
internal static class StepSection
{
    public static void Write(MarkdownWriter document, Measurements measurements)
    {
        document.Heading(2, "Train step");
        document.Paragraph("Forward, softmax cross-entropy, backward and SGD with momentum on a batch that lies ready, through the public C# API. "
            + "The share is that of the FMA peak which the same processes measured. " + States(measurements));
        document.Table(["network", "batch", "threads", "µs", "samples/s", "GFLOP/s", "of FMA peak"], Own(measurements));

        document.Heading(3, "Beside the limit");
        document.Paragraph("No step that does this arithmetic is faster than its matrix products at the FMA peak (forward and dW of each layer, dX "
            + "of each but the first) plus one pass of the update at the speed at which such a pass runs alone.");
        document.Table(["network", "threads", "MFLOP", "update, kB", "products at peak, µs", "update pass, µs", "limit, µs", "ours, µs", "of the limit"],
            Rooflines(measurements));

        document.Heading(3, "Against the peers");
        document.Paragraph("Samples per second. The ratio compares each side at its better number of threads.");
        document.Table(["network", "threads", .. Peers.Select(peer => peer.Name)], PeerRows(measurements));
        document.Table(["network", "NativeMlp", "best peer", "its samples/s", "ratio"], Ratios(measurements));

        if (Measurements.ThreadCounts.Count < 2) return;
        document.Heading(3, "Two threads against one");
        document.Table(["network", "times as fast"], [.. Network.All.Select(network => new[] { network.Name, Scaling(measurements, network)?.Format() ?? "–" })]);
    }

    /// <summary>Those that train.</summary>
    public static IReadOnlyList<PeerEntry> Peers { get; } = [PeerList.Own, PeerList.Torch, PeerList.Reference];

    /// <summary>The case of a network's step.</summary>
    public static string Case(Network network) => Sections.Optimizer(network.Name, OptimizerKind.Momentum);

    /// <summary>Seconds that a step takes at least.</summary>
    public static Figure? Limit(Measurements measurements, Network network, int threads) => Figure.Zip(
        Products(measurements, network, threads), Update(measurements, network, threads), (products, update) => products + update);

    private static Figure? Time(Measurements measurements, Network network, int threads) =>
        measurements.Find(PeerList.Own.Key, threads, Sections.Step, Case(network));

    private static Figure? Products(Measurements measurements, Network network, int threads) =>
        MachineSection.Peak(measurements, threads)?.Select(peak => network.StepFlops / peak);

    private static Figure? Update(Measurements measurements, Network network, int threads) =>
        measurements.Find(MeasureCommand.Machine, threads, Sections.Machine, Sections.Update(network.Name));

    private static string States(Measurements measurements) =>
        string.Join("; ", Measurements.ThreadCounts.Select(threads => MachineSection.State(measurements, threads))) + ".";

    private static List<string[]> Own(Measurements measurements)
    {
        List<string[]> rows = [];
        foreach (Network network in Network.All)
        {
            foreach (int threads in Measurements.ThreadCounts)
            {
                if (Time(measurements, network, threads) is not { } time) continue;
                Figure speed = time.Select(seconds => network.StepFlops / seconds);
                rows.Add(
                [
                    $"{network.Name} {network.Shape}", Text(network.Batch), Text(threads),
                    time.Select(Microseconds).Format(4),
                    time.Select(seconds => network.Batch / seconds).Format(4),
                    speed.Select(flops => 1e-9 * flops).Format(4),
                    Figure.Zip(speed, MachineSection.Peak(measurements, threads), (flops, peak) => flops / peak)?.FormatPercent() ?? "–",
                ]);
            }
        }

        return rows;
    }

    private static List<string[]> Rooflines(Measurements measurements)
    {
        List<string[]> rows = [];
        foreach (Network network in Network.All)
        {
            foreach (int threads in Measurements.ThreadCounts)
            {
                Figure? limit = Limit(measurements, network, threads), time = Time(measurements, network, threads);
                if (limit is null || time is null) continue;
                rows.Add(
                [
                    network.Name, Text(threads),
                    Figure.Number(1e-6 * network.StepFlops, 4), Figure.Number(1e-3 * network.UpdateBytes, 4),
                    Products(measurements, network, threads)!.Select(Microseconds).Format(),
                    Update(measurements, network, threads)!.Select(Microseconds).Format(),
                    limit.Select(Microseconds).Format(), time.Select(Microseconds).Format(),
                    Figure.Zip(limit, time, (least, ours) => least / ours)!.FormatPercent(),
                ]);
            }
        }

        return rows;
    }

    private static List<string[]> PeerRows(Measurements measurements) =>
    [
        .. from network in Network.All
           from threads in Measurements.ThreadCounts
           select (string[])[network.Name, Text(threads), .. Peers.Select(peer => SamplesPerSecond(measurements, peer, network, threads))],
    ];

    private static string SamplesPerSecond(Measurements measurements, PeerEntry peer, Network network, int threads) =>
        measurements.Find(peer.Key, threads, Sections.Step, Case(network))?.Select(seconds => network.Batch / seconds).Format(4)
        ?? measurements.Absence(peer.Key, threads, Sections.Step, Case(network));

    private static List<string[]> Ratios(Measurements measurements)
    {
        List<string[]> rows = [];
        foreach (Network network in Network.All)
        {
            if (measurements.FindFastest(PeerList.Own.Key, Sections.Step, Case(network)) is not { } own) continue;
            if (measurements.FindBestPeer(Sections.Step, Case(network)) is not { } best) continue;
            rows.Add(
            [
                network.Name,
                $"{own.Figure.Select(seconds => network.Batch / seconds).Format(4)}, {Threads(own.Threads)}",
                $"{best.Peer.Name}, {Threads(best.Threads)}",
                best.Figure.Select(seconds => network.Batch / seconds).Format(4),
                Figure.Zip(best.Figure, own.Figure, (theirs, ours) => theirs / ours)!.Format(3, " ×"),
            ]);
        }

        return rows;
    }

    private static Figure? Scaling(Measurements measurements, Network network) =>
        Figure.Zip(Time(measurements, network, 1), Time(measurements, network, 2), (one, two) => one / two);

    private static double Microseconds(double seconds) => 1e6 * seconds;

    private static string Threads(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
