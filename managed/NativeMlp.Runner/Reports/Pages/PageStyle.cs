// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Reports.Figures;

namespace NativeMlp.Runner.Reports.Pages;

/// <summary>The style of pages: one column on a narrow screen, figures side by side on a wide screen, and a white background in print.</summary>
internal static class PageStyle
{
    public static string Rules { get; } = $$"""
        :root { {{FigureStyle.Light}} }
        @media screen and (prefers-color-scheme: dark) { :root { {{FigureStyle.Dark}} } }
        * { box-sizing: border-box }
        body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif }
        main { max-width: 1200px; margin: 0 auto; padding: 24px 20px 64px }
        h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere }
        h2 { font-size: 19px; margin: 40px 0 12px; padding-bottom: 6px; border-bottom: 1px solid var(--rule) }
        h3 { font-size: 15px; margin: 0 0 6px }
        p { margin: 0 0 12px }
        .lead, .note, figcaption { color: var(--soft) }
        .note, figcaption { font-size: 13px }
        .status { display: inline-block; font-size: 13px; font-weight: 600; padding: 1px 10px; border: 1px solid currentColor; border-radius: 12px; vertical-align: 4px; margin-left: 8px }
        .running { color: var(--s0) } .done { color: var(--s2) } .bad { color: var(--s1) }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 20px 0 }
        .tile { background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; padding: 10px 14px }
        .tile b { display: block; font-size: 22px; line-height: 1.3; font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
        .tile span { color: var(--soft); font-size: 13px }
        .figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 350px), 1fr)); gap: 28px 32px; align-items: start }
        figure { margin: 0; max-width: 560px; break-inside: avoid }
        .scroll { overflow-x: auto; margin-bottom: 12px }
        table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums }
        th, td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; white-space: nowrap }
        .number { text-align: right }
        th { font-weight: 600; color: var(--soft); white-space: nowrap }
        table.text th, table.text td { white-space: normal }
        table.text td:first-child { white-space: nowrap; color: var(--soft) }
        td.long { overflow-wrap: anywhere; min-width: 180px }
        td.wrong { color: var(--s1) }
        .pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(118px, 1fr)); gap: 16px 12px }
        .pictures img { width: 84px; height: 84px; image-rendering: pixelated; border: 1px solid var(--rule); display: block; margin-bottom: 4px }
        .pictures div { font-size: 13px; line-height: 1.35 }
        pre { background: var(--panel); border: 1px solid var(--rule); border-radius: 8px; padding: 10px 14px; overflow-x: auto; font-size: 13px }
        progress { width: 100%; height: 10px; accent-color: var(--s0) }
        footer { margin-top: 48px; color: var(--soft); font-size: 13px }
        @media print {
          main { max-width: none; padding: 0 } h2, h3 { break-after: avoid } tr { break-inside: avoid }
          .scroll { overflow: visible } table { font-size: 11px } th, td { white-space: normal; padding-right: 8px }
        }
        {{FigureStyle.Rules}}
        """;
}
