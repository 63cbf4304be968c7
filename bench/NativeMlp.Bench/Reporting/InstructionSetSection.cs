// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Bench.Measuring;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Reporting;

/// <summary>The other instruction sets of this machine beside the one in use.</summary>
internal static class InstructionSetSection
{
    public static void Write(MarkdownWriter document, Measurements measurements)
    {
        if (InstructionSets.Others.Count == 0) return;
        document.Heading(2, "Instruction sets");
        document.Paragraph($"Train steps and large products with {NativeLibraryInfo.Active}, which the library chooses here, and with what "
            + $"{InstructionSets.Variable} makes it take instead; the results are the same to the bit. The share is the speed over {NativeLibraryInfo.Active}'s.");
        document.List(InstructionSets.Others.Select(isa => State(measurements, isa.ToString(), InstructionSets.Key(isa)))
            .Prepend(State(measurements, NativeLibraryInfo.Active.ToString(), PeerList.Own.Key)));
        document.Table(
            ["", "threads", $"{NativeLibraryInfo.Active}, µs", .. InstructionSets.Others.SelectMany(isa => new[] { $"{isa}, µs", $"share of {isa}" })],
            [
                .. from work in Cases()
                   from threads in Measurements.ThreadCounts
                   select Row(measurements, work.Section, work.Name, threads),
            ]);
    }

    private static string State(Measurements measurements, string name, string key) =>
        $"{name}: {string.Join("; ", Measurements.ThreadCounts.Select(threads => MachineSection.State(measurements, threads, key)))}.";

    private static IEnumerable<(string Section, string Name)> Cases() =>
    [
        .. InstructionSets.Networks.Select(network => (Sections.Step, StepSection.Case(network))),
        .. GemmCase.Large.Select(product => (Sections.Gemm, product.Name)),
    ];

    private static string[] Row(Measurements measurements, string section, string name, int threads)
    {
        Figure? active = measurements.Find(PeerList.Own.Key, threads, section, name);
        return
        [
            name, threads.ToString(CultureInfo.InvariantCulture), Microseconds(active),
            .. InstructionSets.Others.SelectMany(isa =>
            {
                Figure? other = measurements.Find(InstructionSets.Key(isa), threads, section, name);
                return new[] { Microseconds(other), Figure.Zip(active, other, (ours, theirs) => ours / theirs)?.FormatPercent(0) ?? "–" };
            }),
        ];
    }

    private static string Microseconds(Figure? figure) => figure?.Select(seconds => 1e6 * seconds).Format(4) ?? "–";
}
