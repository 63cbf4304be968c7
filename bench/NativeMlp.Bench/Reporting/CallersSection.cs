// SPDX-License-Identifier: MIT
using NativeMlp.Bench.Measuring;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Reporting;

/// <summary>What many .NET threads that train at once cost each other.</summary>
internal static class CallersSection
{
    public static void Write(MarkdownWriter document, Measurements measurements)
    {
        int threads = Measurements.ThreadCounts.Max();
        document.Heading(2, "Many callers");
        document.Paragraph($"{CallersMeasurement.Callers} networks, each trained by a .NET thread of its own and asking for {threads} threads, against the same "
            + $"networks one after the other. {MachineSection.State(measurements, threads)}.");
        document.Table(["network", "one after the other, ms", "at once, ms", "ratio"],
            [.. CallersMeasurement.Networks.Select(network => Row(measurements, threads, network))]);
    }

    private static string[] Row(Measurements measurements, int threads, Network network)
    {
        Figure? inTurn = Find(Sections.InTurn(network.Name)), atOnce = Find(Sections.AtOnce(network.Name));
        return
        [
            network.Name, Milliseconds(inTurn), Milliseconds(atOnce),
            Figure.Zip(atOnce, inTurn, (a, b) => a / b)?.Format(3) ?? "–",
        ];

        Figure? Find(string name) => measurements.Find(PeerList.Own.Key, threads, Sections.Callers, name);
    }

    private static string Milliseconds(Figure? figure) => figure?.Select(seconds => 1e3 * seconds).Format(3) ?? "–";
}
