// SPDX-License-Identifier: MIT
using NativeMlp.Training;

namespace NativeMlp.Runner.Settings;

/// <summary>The settings from all configuration sources. Null means that a setting was not given and its default applies.</summary>
internal sealed class RunnerSettings
{
    /// <summary>The section of the settings file, and the prefix of the environment variables.</summary>
    public const string Section = "NativeMlp";

    public string? Data { get; set; }
    public string? DataDir { get; set; }
    public string? Model { get; set; }
    public Precision? Precision { get; set; }
    public IReadOnlyList<int>? Hidden { get; set; }
    public string? Preset { get; set; }
    public Activation? Activation { get; set; }
    public double? Alpha { get; set; }
    public int? Pieces { get; set; }
    public Norm? Norm { get; set; }
    public double? Dropout { get; set; }
    public Initialization? Init { get; set; }
    public double? InitStd { get; set; }
    public Loss? Loss { get; set; }
    public double? LabelSmoothing { get; set; }
    public double? Delta { get; set; }
    public OptimizerKind? Optimizer { get; set; }
    public double? Momentum { get; set; }
    public double? Beta1 { get; set; }
    public double? Beta2 { get; set; }
    public double? Epsilon { get; set; }
    public bool AmsGrad { get; set; }
    public bool Centered { get; set; }
    public double? Dampening { get; set; }
    public double? InitialAccumulator { get; set; }
    public double? WeightDecay { get; set; }
    public double? ClipNorm { get; set; }
    public double? ClipValue { get; set; }
    public double? MaxNorm { get; set; }
    public double? Lr { get; set; }
    public double? LrDecay { get; set; }
    public ScheduleKind? Schedule { get; set; }
    public int? LrStep { get; set; }
    public int? WarmUp { get; set; }
    public double? L2 { get; set; }
    public double? Reg { get; set; }
    public int? Batch { get; set; }
    public BatchSampling? Draw { get; set; }
    public int? Epochs { get; set; }
    public int? Steps { get; set; }
    public int? EarlyStopping { get; set; }
    public double? Validation { get; set; }
    public ulong? Seed { get; set; }
    public int? Threads { get; set; }
    public string? Out { get; set; }
    public bool Long { get; set; }

    public bool Quiet { get; set; }
    public IReadOnlyList<string> Runs { get; set; } = [];
    public string? Svg { get; set; }
    public string? Html { get; set; }

    /// <summary>The settings of a table.</summary>
    public TableChoices Table { get; } = new();

    /// <summary>The settings of a run's folder.</summary>
    public RunChoices Run { get; } = new();

    /// <summary>The settings of export and import.</summary>
    public ExchangeChoices Exchange { get; } = new();

    public string? By { get; set; }
    public IReadOnlyList<string> Keep { get; set; } = [];
    public string? Answers { get; set; }
    public AnswerFormat? Format { get; set; }
    public RowErrors? OnError { get; set; }
    public int? Repeats { get; set; }
    public QualityMetric? Metric { get; set; }

    /// <summary>The source of each given setting.</summary>
    public Dictionary<Setting, SettingOrigin> Origins { get; } = [];

    /// <summary>The text of each given setting.</summary>
    public Dictionary<Setting, string> Texts { get; } = [];

    /// <summary>Messages about values that could not be parsed. They are checked at the start.</summary>
    public List<string> Problems { get; } = [];
}

/// <summary>The configuration source of a setting.</summary>
/// <param name="Name">The name of the setting in messages: an option, an environment variable, or a key in a file.</param>
/// <param name="IsTyped">Whether it is an option of this command line.</param>
internal sealed record SettingOrigin(string Name, bool IsTyped);

/// <summary>The kinds of schedules. Their parameters are separate settings.</summary>
internal enum ScheduleKind
{
    Exponential,
    Step,
    Cosine,
    OneCycle,
    Plateau,
}
