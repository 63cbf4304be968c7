// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Bench.Measuring;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Reporting;

/// <summary>Predictions of one row and of many.</summary>
internal static class PredictSection
{
    private static readonly PeerEntry[] Peers = [PeerList.Own, PeerList.Onnx, PeerList.Torch, PeerList.Reference];

    public static void Write(MarkdownWriter document, Measurements measurements)
    {
        document.Heading(2, "Prediction");
        document.Paragraph("Scores of rows that lie ready. NativeMlp takes and fills plain arrays in each call; the peers keep their own tensors. Half of what the ReLUs leave is 0; in a picture 80 % of the inputs are, too. For a single row NativeMlp reads only weights that something else than 0 meets.");
        document.Table(["network", "rows", "unit", "threads", .. Peers.Select(peer => peer.Name), "against the best peer"],
        [
            .. from predicted in PeerMeasurements.PredictCases
               from threads in Measurements.ThreadCounts
               select Row(measurements, predicted.Network, predicted.Rows, threads),
        ]);
    }

    private static string[] Row(Measurements measurements, Network network, int rows, int threads)
    {
        string name = Sections.Rows(network.Name, rows);
        Figure? best = Peers.Skip(1)
            .Select(peer => measurements.Find(peer.Key, threads, Sections.Predict, name))
            .Where(figure => figure is not null)
            .MinBy(figure => figure!.Median);
        Figure? own = measurements.Find(PeerList.Own.Key, threads, Sections.Predict, name);
        return
        [
            network.Name, rows.ToString(CultureInfo.InvariantCulture), rows == 1 ? "µs" : "samples/s", threads.ToString(CultureInfo.InvariantCulture),
            .. Peers.Select(Cell),
            Figure.Zip(best, own, (theirs, ours) => theirs / ours)?.Format(3, " ×") ?? "–",
        ];

        string Cell(PeerEntry peer) =>
            measurements.Find(peer.Key, threads, Sections.Predict, name)?.Select(seconds => rows == 1 ? 1e6 * seconds : rows / seconds).Format(rows == 1 ? 3 : 4)
            ?? measurements.Absence(peer.Key, threads, Sections.Predict, name);
    }
}
