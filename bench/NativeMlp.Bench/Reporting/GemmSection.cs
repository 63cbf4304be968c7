// SPDX-License-Identifier: MIT
using NativeMlp.Bench.Measuring;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Reporting;

/// <summary>Matrix products alone.</summary>
internal static class GemmSection
{
    private static readonly PeerEntry[] Peers =
        [PeerList.Own, PeerList.Loops, PeerList.Vector, PeerList.Tensors, PeerList.MathNet, PeerList.Torch];

    public static void Write(MarkdownWriter document, Measurements measurements)
    {
        document.Heading(2, "Matrix products");
        document.Paragraph("GFLOP/s of the three products of a layer, named batch, inputs, outputs: NN is X·W, TN is Xᵀ·dY, NT is dY·Wᵀ. "
            + "NativeMlp through Kernels.Gemm on plain arrays. Where there is no figure the peer would take a good part of a second.");
        foreach (int threads in Measurements.ThreadCounts) Write(document, measurements, threads);
    }

    private static void Write(MarkdownWriter document, Measurements measurements, int threads)
    {
        PeerEntry[] peers = [.. Peers.Where(peer => threads == 1 || peer.Parallel).Where(peer => !measurements.Missing.ContainsKey(peer.Key))];
        document.Heading(3, $"{threads} {(threads == 1 ? "thread" : "threads")}");
        document.Paragraph(MachineSection.State(measurements, threads) + ".");
        List<string[]> rows = [.. GemmCase.All.Select(product => Row(measurements, peers, product, threads))];
        rows.Add(["geometric mean of NativeMlp over this", "", .. peers.Select(peer => GeometricMean(measurements, peer, threads))]);
        document.Table(["product", "NativeMlp of FMA peak", .. peers.Select(peer => peer.Name)], rows);
    }

    private static string[] Row(Measurements measurements, PeerEntry[] peers, GemmCase product, int threads) =>
    [
        product.Name,
        Figure.Zip(Speed(measurements, PeerList.Own, product, threads), MachineSection.Peak(measurements, threads), (flops, peak) => flops / peak)
            ?.FormatPercent(0) ?? "–",
        .. peers.Select(peer => Speed(measurements, peer, product, threads)?.Select(flops => 1e-9 * flops).Format()
            ?? measurements.Absence(peer.Key, threads, Sections.Gemm, product.Name)),
    ];

    private static Figure? Speed(Measurements measurements, PeerEntry peer, GemmCase product, int threads) =>
        measurements.Find(peer.Key, threads, Sections.Gemm, product.Name)?.Select(seconds => product.Flops / seconds);

    // Over the products that both did.
    private static string GeometricMean(Measurements measurements, PeerEntry peer, int threads)
    {
        double[] ratios =
        [
            .. from product in GemmCase.All
               let own = Speed(measurements, PeerList.Own, product, threads)
               let other = Speed(measurements, peer, product, threads)
               where own is not null && other is not null
               select own.Median / other.Median,
        ];
        return ratios.Length == 0 ? "–" : Figure.Number(Math.Exp(ratios.Average(Math.Log))) + " ×";
    }
}
