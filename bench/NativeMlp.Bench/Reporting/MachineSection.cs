// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Bench.Measuring;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Reporting;

/// <summary>What the machine is, and its limits as measured.</summary>
internal static class MachineSection
{
    private const double Mebibyte = 1 << 20;

    public static void Write(MarkdownWriter document, Measurements measurements)
    {
        document.Heading(2, "Machine");
        document.Table(["", ""], [.. Machine.Facts.Select(fact => new[] { fact.What, fact.Value })]);
        List<string[]> rows = [.. Measurements.ThreadCounts.Select(threads => Limits(measurements, threads))];
        document.Table(["threads", "FMA peak, GFLOP/s", "barrier of the threads, ns",
            .. MachineLimits.ReadSizes.Select(size => $"reading {size} MiB, GB/s"),
            .. Network.All.Select(network => $"update pass of {network.Name}, GB/s")], rows);
        document.Paragraph("An update pass is momentum over as many parameters as the network has: 20 bytes for each, from whatever "
            + "level of memory holds them between passes.");
    }

    /// <summary>The FMA peak in the processes that measured NativeMlp.</summary>
    public static Figure? Peak(Measurements measurements, int threads) =>
        measurements.Find(PeerList.Own.Key, threads, Sections.Machine, Sections.Peak);

    /// <summary>What is to be known beside each figure of two threads.</summary>
    public static string State(Measurements measurements, int threads) => State(measurements, threads, PeerList.Own.Key);

    /// <summary>The same of the processes that measured something else.</summary>
    public static string State(Measurements measurements, int threads, string peer)
    {
        string peak = measurements.Find(peer, threads, Sections.Machine, Sections.Peak)?.Select(flops => 1e-9 * flops).Format(4, " GFLOP/s") ?? "–";
        Figure? barrier = measurements.Find(peer, threads, Sections.Machine, Sections.Barrier);
        string text = string.Create(CultureInfo.InvariantCulture, $"{threads} {(threads == 1 ? "thread" : "threads")}: FMA peak {peak}");
        return barrier is null ? text : $"{text}, barrier {barrier.Select(seconds => 1e9 * seconds).Format(3, " ns")}";
    }

    private static string[] Limits(Measurements measurements, int threads)
    {
        return
        [
            threads.ToString(CultureInfo.InvariantCulture),
            Cell(Sections.Peak, flops => 1e-9 * flops, 4),
            Cell(Sections.Barrier, seconds => 1e9 * seconds),
            .. MachineLimits.ReadSizes.Select(size => Cell(Sections.Read(size), seconds => 1e-9 * size * Mebibyte / seconds)),
            .. Network.All.Select(network => Cell(Sections.Update(network.Name), seconds => 1e-9 * network.UpdateBytes / seconds)),
        ];

        string Cell(string name, Func<double, double> function, int digits = 3) =>
            measurements.Find(MeasureCommand.Machine, threads, Sections.Machine, name)?.Select(function).Format(digits) ?? "–";
    }
}
