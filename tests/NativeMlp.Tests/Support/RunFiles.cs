// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests.Support;

/// <summary>What is in the folder of a run.</summary>
internal static class RunFiles
{
    /// <summary>While it can go on.</summary>
    public static IReadOnlyList<string> Interrupted { get; } = ["best.safetensors", "config.json", "last.safetensors", "metrics.jsonl", "report.html"];

    /// <summary>When it has ended, and had test rows: the answers for them, too.</summary>
    public static IReadOnlyList<string> Finished { get; } = [.. Interrupted, "test.safetensors"];

    /// <summary>Those in the folder whose bytes are the same whenever the run takes place: the others have times.</summary>
    public static IEnumerable<string> WithoutTimes(string folder) =>
        Finished.Where(name => name is not ("metrics.jsonl" or "report.html") && File.Exists(Path.Combine(folder, name)));
}
