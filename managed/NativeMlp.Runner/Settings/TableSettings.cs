// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Settings;

/// <summary>The format of predictions.</summary>
internal enum AnswerFormat
{
    Csv,
    JsonLines,
}

/// <summary>What happens when a row cannot be read.</summary>
internal enum RowErrors
{
    Stop,
    Skip,
}

/// <summary>The metric by which explain measures the quality of a model.</summary>
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

/// <summary>The settings of evaluate, predict and explain for table models.</summary>
internal static class TableSettings
{
    /// <summary>The word for all columns of a file.</summary>
    public const string AllColumns = "all";

    public static Setting By { get; } = new("By", "--by", "COLUMN", "the name of a column",
        "Also evaluates the rows of each value of a column.",
        (s, text) => text.Length > 0 && Setting.Set(() => s.By = text));

    public static Setting Keep { get; } = Setting.Names("Keep", "--keep", "A,B|all", "names of columns such as id,name, or all",
        "Columns of the input to write before the predictions.",
        (s, names) => s.Keep = names);

    public static Setting Answers { get; } = new("Answers", "--out", "FILE", "a file",
        "File for the predictions. An existing file is not overwritten. [default: standard output]",
        (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Answers = text));

    public static Setting Format { get; } = Setting.Choice<AnswerFormat>("Format", "--format",
        "Format of the predictions. [default: csv; with --json jsonl]", (s, value) => s.Format = value);

    public static Setting OnError { get; } = Setting.Choice<RowErrors>("OnError", "--on-error",
        "Whether to stop at a row that cannot be read, or to skip it. Its line is reported on standard error. [default: stop]",
        (s, value) => s.OnError = value);

    public static Setting Repeats { get; } = Setting.Whole("Repeats", "--repeats", 1, 1000,
        "Number of times that each column is shuffled. With 2 or more, intervals are shown. [default: 10]", (s, n) => s.Repeats = n);

    public static Setting Metric { get; } = Setting.Choice<QualityMetric>("Metric", "--metric",
        "Metric that measures the effect of a column. [default: log-loss; r2 for numbers]", (s, value) => s.Metric = value);

    public static IReadOnlyList<Setting> All { get; } = [By, Keep, Answers, Format, OnError, Repeats, Metric];
}
