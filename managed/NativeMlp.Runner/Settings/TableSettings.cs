// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Settings;

/// <summary>How answers are written.</summary>
internal enum AnswerFormat
{
    Csv,
    JsonLines,
}

/// <summary>What is done about a row that cannot be read.</summary>
internal enum RowErrors
{
    Stop,
    Skip,
}

/// <summary>A figure by which explain says how good a model is.</summary>
internal enum QualityMetric
{
    LogLoss,
    Accuracy,
    BalancedAccuracy,
    F1,
    RocAuc,
    Brier,
    R2,
    Rmse,
    Mae,
}

/// <summary>The settings of evaluate, predict and explain for models of tables.</summary>
internal static class TableSettings
{
    /// <summary>Stands for all columns of a file.</summary>
    public const string AllColumns = "all";

    public static Setting By { get; } = new("By", "--by", "COLUMN", "the name of a column",
        "Also measures the rows of each value of a column.",
        (s, text) => text.Length > 0 && Setting.Set(() => s.By = text));

    public static Setting Keep { get; } = Setting.Names("Keep", "--keep", "A,B|all", "names of columns such as id,name, or all",
        "Columns of the input that are written before the answers.",
        (s, names) => s.Keep = names);

    public static Setting Answers { get; } = new("Answers", "--out", "FILE", "a file",
        "File for the answers; nothing is overwritten. [default: standard output]",
        (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Answers = text));

    public static Setting Format { get; } = Setting.Choice<AnswerFormat>("Format", "--format",
        "How answers are written. [default: csv; with --json jsonl]", (s, value) => s.Format = value);

    public static Setting OnError { get; } = Setting.Choice<RowErrors>("OnError", "--on-error",
        "Whether a row that cannot be read ends the run or is left out; its line is named on standard error. [default: stop]",
        (s, value) => s.OnError = value);

    public static Setting Repeats { get; } = Setting.Whole("Repeats", "--repeats", 1, 1000,
        "How often each column is shuffled; from 2 on there are intervals. [default: 10]", (s, n) => s.Repeats = n);

    public static Setting Metric { get; } = Setting.Choice<QualityMetric>("Metric", "--metric",
        "What the columns are measured by. [default: log-loss; of numbers r2]", (s, value) => s.Metric = value);

    public static IReadOnlyList<Setting> All { get; } = [By, Keep, Answers, Format, OnError, Repeats, Metric];
}
