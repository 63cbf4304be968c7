// SPDX-License-Identifier: MIT
using NativeMlp.Bench.Measuring;
using NativeMlp.Bench.Peers;

namespace NativeMlp.Bench.Reporting;

/// <summary>Every measured case in which a peer is faster, with the same number of threads.</summary>
internal static class AheadSection
{
    public static void Write(MarkdownWriter document, Measurements measurements)
    {
        document.Heading(2, "Where a peer is ahead");
        List<string[]> rows =
        [
            .. from section in new[] { Sections.Step, Sections.Data, Sections.Predict, Sections.Gemm }
               from threads in Measurements.ThreadCounts
               from name in measurements.Cases(PeerList.Own.Key, threads, section)
               let own = measurements.Find(PeerList.Own.Key, threads, section, name)
               from peer in PeerList.Others
               let ratio = Figure.Zip(own, measurements.Find(peer.Key, threads, section, name), (ours, theirs) => ours / theirs)
               where ratio is not null && ratio.Median > 1
               orderby ratio.Median descending
               select new[] { $"{section} {name}", $"{threads}", peer.Name, ratio.Format(3, " ×") },
        ];
        if (rows.Count == 0) document.Paragraph("Nowhere in this run, with the same number of threads on both sides.");
        document.Table(["case", "threads", "peer", "as fast as NativeMlp"], rows);
    }
}
