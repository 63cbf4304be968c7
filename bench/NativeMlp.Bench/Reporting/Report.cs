// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Bench.Peers;

namespace NativeMlp.Bench.Reporting;

/// <summary>The document: one section after the other.</summary>
internal sealed class Report(
    Measurements measurements, int rounds, bool quick, string? load, TimeSpan duration, IReadOnlyList<NativeProgram> programs)
{
    private const string Method = """
        One process for each peer and number of threads, so that runtimes do not disturb each other; in each round all of
        them once, the C# kernels in the first only. Threads are pinned, one a core, as far as the peer lets them be. After
        a warm-up a case is timed in samples of at least half a millisecond; a sample counts if a loop of fused
        multiply-adds of some 13 µs ran at 93 % of full speed or more on each core just before and just after it, since
        neighbours on a shared machine can slow a core unseen.
        """;

    public string Write()
    {
        MarkdownWriter document = new();
        document.Heading(1, "NativeMlp, measured");
        document.Paragraph("![Train step, samples per second relative to the best peer](chart.svg)");
        document.Paragraph(OneLine(Method));
        document.Paragraph(string.Create(CultureInfo.InvariantCulture,
            $"{rounds} {(rounds == 1 ? "round" : "rounds")}{(quick ? " with short samples (--quick)" : "")}, {duration.TotalSeconds:F0} s. A figure is the median of the rounds' medians")
            + (rounds > 1 ? ", in parentheses the least and the greatest of them." : ".")
            + $" {Figure.DisturbedMark.Trim()} marks figures of which a round found too few undisturbed samples and took all of them."
            + (load is null ? "" : $" Load average before the start: {load}."));
        MachineSection.Write(document, measurements);
        document.Heading(2, "Who is compared");
        document.List(PeerList.All.Select(About));
        StepSection.Write(document, measurements);
        DataSection.Write(document, measurements);
        PredictSection.Write(document, measurements);
        GemmSection.Write(document, measurements);
        InstructionSetSection.Write(document, measurements);
        AheadSection.Write(document, measurements);
        CallersSection.Write(document, measurements);
        InteropSection.Write(document, measurements);
        foreach (NativeProgram program in programs)
        {
            document.Heading(2, $"Native benchmark {program.Name}");
            document.Paragraph(program.Output.Trim('\n'));
        }

        return document.ToString();
    }

    private string About(PeerEntry peer) => measurements.Missing.TryGetValue(peer.Key, out string? reason)
        ? $"**{peer.Name}**: {peer.About}. Not available: {reason}"
        : $"**{peer.Name}**: {peer.About}.";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
