// SPDX-License-Identifier: MIT
using NativeMlp.Bench.Measuring;
using NativeMlp.Bench.Peers;

namespace NativeMlp.Bench.Reporting;

/// <summary>What the boundary between C# and C costs.</summary>
internal static class InteropSection
{
    public static void Write(MarkdownWriter document, Measurements measurements)
    {
        document.Heading(2, "The boundary");
        document.Table(["", ""],
        [
            .. new[] { Sections.BarePInvoke, Sections.Property, Sections.SmallKernel }
                .Select(name => new[] { name, Find(Sections.Interop, name)?.Select(seconds => 1e9 * seconds).Format(3, " ns") ?? "–" }),
            ["managed bytes allocated by a step", Find(Sections.Interop, Sections.BytesPerStep)?.Format() ?? "–"],
            ["an empty .NET program, from start to end", Milliseconds(Find(Sections.Start, StartUp.Empty))],
            ["one that makes network B and takes a step: longer by", Milliseconds(Figure.Zip(
                Find(Sections.Start, StartUp.FirstStep), Find(Sections.Start, StartUp.Empty), (step, empty) => step - empty))],
            ["`nativemlp train --data xor`, compiled ahead of time, from start to end", Milliseconds(Find(Sections.Start, StartUp.AheadOfTime))],
        ]);

        Figure? Find(string section, string name) => measurements.Find(PeerList.Own.Key, 1, section, name);
    }

    private static string Milliseconds(Figure? figure) => figure?.Select(seconds => 1e3 * seconds).Format(3, " ms") ?? "–";
}
