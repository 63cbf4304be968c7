// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Reports.Figures;

/// <summary>The colours of figures and pages, light and dark. Series use the colours of Okabe and Ito, which colour-blind readers can distinguish,
/// and different dash patterns for print.</summary>
internal static class FigureStyle
{
    /// <summary>The number of series that look different.</summary>
    public const int Series = 8;

    public const string Light = """
        color-scheme: light dark;
        --page: #ffffff; --panel: #f6f8fa; --ink: #1f2328; --soft: #59636e; --rule: #d1d9e0;
        --s0: #0072b2; --s1: #d55e00; --s2: #00805f; --s3: #aa4488; --s4: #3d8fc4; --s5: #b37700; --s6: #6d3a8c; --s7: #555555;
        """;

    public const string Dark = """
        --page: #0d1117; --panel: #161b22; --ink: #e6edf3; --soft: #9198a1; --rule: #30363d;
        --s0: #56b4e9; --s1: #ff8c42; --s2: #35c79a; --s3: #e28fc4; --s4: #9fd3f5; --s5: #f0c04a; --s6: #b99bdb; --s7: #b0b0b0;
        """;

    private static readonly string[] s_dashes = ["none", "7 3", "2 3", "9 3 2 3", "5 2", "1 2", "12 4", "4 4"];

    /// <summary>The style rules for the parts of figures.</summary>
    public static string Rules { get; } = """
        svg.figure { display: block; width: 100%; height: auto }
        svg.figure text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--ink) }
        svg.figure text.heading { font-size: 15px; font-weight: 600 }
        svg.figure .soft { fill: var(--soft) }
        svg.figure .end { text-anchor: end }
        svg.figure .middle { text-anchor: middle }
        svg.figure .inverse { fill: var(--page) }
        svg.figure .grid { stroke: var(--rule) }
        svg.figure .guide { stroke: var(--soft); stroke-dasharray: 4 4 }
        svg.figure .whisker { stroke: var(--ink); stroke-width: 1.4 }
        svg.figure .faint { opacity: .35 }
        svg.figure .cell { fill: var(--s0) }
        svg.figure .frame { fill: none; stroke: var(--rule) }
        svg.figure polyline { fill: none; stroke-width: 1.8; stroke-linejoin: round }
        svg.figure .dots { fill: none; stroke-width: 5; stroke-linecap: round }
        svg.figure .small { stroke-width: 3.5; opacity: .65 }
        svg.figure .under { stroke: var(--page); stroke-width: 7.5 }
        svg.figure image { image-rendering: pixelated }

        """ + string.Concat(Enumerable.Range(0, Series).Select(i => Invariant(
            $"svg.figure .s{i} {{ stroke: var(--s{i}) }} svg.figure polyline.s{i} {{ stroke-dasharray: {s_dashes[i]} }} svg.figure .f{i} {{ fill: var(--s{i}) }}\n")));

    /// <summary>The style of a figure in a file of its own.</summary>
    public static string OfFile { get; } = $$"""

        svg.figure { {{Light}} background: var(--page) }
        @media screen and (prefers-color-scheme: dark) { svg.figure { {{Dark}} } }
        {{Rules}}
        """;

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
