// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Hosting;

/// <summary>What the layers of configuration say; null is "not said", and the data set's default applies.</summary>
internal sealed class RunnerSettings
{
    /// <summary>The section of the settings file, and the prefix of the environment variables.</summary>
    public const string Section = "NativeMlp";

    public string? Data { get; set; }
    public string? DataDir { get; set; }
    public string? Model { get; set; }
    public IReadOnlyList<int>? Hidden { get; set; }
    public OptimizerKind? Optimizer { get; set; }
    public double? Lr { get; set; }
    public double? LrDecay { get; set; }
    public double? L2 { get; set; }
    public int? Batch { get; set; }
    public int? Epochs { get; set; }
    public double? Validation { get; set; }
    public ulong? Seed { get; set; }
    public int? Threads { get; set; }
    public string? Out { get; set; }

    /// <summary>Sentences about values that could not be understood; checked at start.</summary>
    public List<string> Problems { get; } = [];
}
