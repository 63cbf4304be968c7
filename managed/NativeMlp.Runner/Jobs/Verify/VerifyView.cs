// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Jobs.Verify;

/// <summary>Shows the results of verify row by row: as a table, or as one JSON object per line.</summary>
internal sealed class VerifyView(Terminal terminal, OutputMode mode)
{
    private const int HashStart = 8;
    private const int HashEnd = 4;

    private int[] _widths = [];

    /// <param name="runs">The runs.</param>
    /// <param name="first">The first row. System, processor and compiler are the same in all rows.</param>
    public void Begin(IReadOnlyList<AgreedRun> runs, VerifyEvent first)
    {
        if (mode.Json)
            return;
        terminal.WriteFact("runs", $"{runs.Count}, the same on each line");
        terminal.WriteFact("expected", $"SHA-256 {first.ExpectedSha256}");
        terminal.WriteLine();
        string[] header = ["system", "processor", "ISA", "threads", "compiler", "SHA-256", "result"];
        string[] widest = [first.System, first.Processor, "scalar", "", first.Compiler, Short(first.ExpectedSha256), ""];
        _widths = [.. header.Zip(widest, (name, value) => Math.Max(name.Length, value.Length))];
        WriteRow(header);
    }

    public void Show(VerifyEvent row)
    {
        if (mode.Json)
            JsonLines.Write(row, JsonLines.Types.VerifyEvent);
        else
            WriteRow([row.System, row.Processor, row.Isa, Format.Count(row.Threads), row.Compiler, Short(row.WeightsSha256), Result(row)]);
    }

    public void End(IReadOnlyList<VerifyEvent> rows)
    {
        if (mode.Json)
            JsonLines.Write(new VerifyResultEvent("result", "done", rows.All(row => row.Same)), JsonLines.Types.VerifyResultEvent);
    }

    private void WriteRow(IReadOnlyList<string> cells) =>
        terminal.WriteLine(string.Join("  ", cells.Zip(_widths, (cell, width) => cell.PadRight(width))).TrimEnd());

    private static string Result(VerifyEvent row) =>
        row.Error is not null ? "not checked: " + row.Error
        : row.Same ? "same"
        : "DIFFERENT: " + string.Join(", ", row.Runs.Where(run => !run.Same).Select(run => run.Run));

    private static string Short(string? hash) => hash is null ? "" : $"{hash[..HashStart]}…{hash[^HashEnd..]}";
}
