// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests.Support;

/// <summary>What is in the folder of a run.</summary>
internal static class RunFiles
{
    /// <summary>While it can go on.</summary>
    public static IReadOnlyList<string> Interrupted { get; } = ["best.safetensors", "config.json", "last.safetensors", "metrics.jsonl", "report.html"];

    /// <summary>When it has ended: the answers for the test rows, too.</summary>
    public static IReadOnlyList<string> Finished { get; } = [.. Interrupted, "test.safetensors"];
}
