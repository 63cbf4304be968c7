// SPDX-License-Identifier: MIT
using NativeMlp.Tabular.Training;

namespace NativeMlp.Runner.Settings;

/// <summary>The settings for training a table model.</summary>
internal static class TableTrainingSettings
{
    private const int MostFolds = 1000;
    private const int MostNetworks = 100;

    public static Setting Test { get; } = new("Test", "--test", "FILE|X", "a file, or a number of at least 0 and less than 1",
        "Table with test rows, or the part of the rows that is held back for the test. [default: 0.2]",
        (s, text) => Setting.TryReal(text, out double part) && !Path.Exists(text)
            ? part is >= 0 and < 1 && Setting.Set(() => s.Table.TestFraction = part)
            : Setting.IsPath(text) && Setting.Set(() => s.Table.TestFile = text));

    public static Setting Folds { get; } = Setting.Whole("Folds", "--folds", 2, MostFolds,
        "Also runs a cross-validation with N folds: a model of the other folds is tested on each fold.", (s, n) => s.Table.Folds = n);

    public static Setting Ensemble { get; } = Setting.Whole("Ensemble", "--ensemble", 1, MostNetworks,
        "Number of networks that are trained with different seeds and predict together. [default: 5 below 2,000 rows, otherwise 1]", (s, n) => s.Table.Ensemble = n);

    public static Setting Group { get; } = new("Group", "--group", "COLUMN", "the name of a column",
        "Column of groups: rows with equal values are kept in the same part.",
        (s, text) => text.Length > 0 && Setting.Set(() => s.Table.Columns = s.Table.Columns with { Group = text }));

    public static Setting Time { get; } = new("Time", "--time", "COLUMN", "the name of a column",
        "Column of dates or numbers: the latest rows are held back.",
        (s, text) => text.Length > 0 && Setting.Set(() => s.Table.Time = text));

    public static Setting ClassWeights { get; } = Setting.Choice<ClassWeighting>("ClassWeights", "--class-weights",
        "Whether all classes have the same weight, regardless of their number of rows. [default: none]", (s, value) => s.Table.BalancedClasses = value == ClassWeighting.Balanced);

    public static Setting Threshold { get; } = Setting.Choice<ThresholdMetric>("Threshold", "--threshold",
        "Metric for which the threshold between two classes is chosen on the validation rows. [default: threshold 0.5]", (s, value) => s.Table.Threshold = value);

    /// <summary>The network settings that also apply to a table model.</summary>
    public static IReadOnlyList<Setting> Shared { get; } =
        [Setting.Data, Setting.Hidden, Setting.Dropout, Setting.Lr, Setting.WeightDecay, Setting.Batch, Setting.Epochs, Setting.Validation, Setting.Seed, Setting.Threads, Setting.Out];

    /// <summary>The settings that only a table model has.</summary>
    public static IReadOnlyList<Setting> Own { get; } = [Test, Folds, Ensemble, Group, Time, ClassWeights, Threshold];
}
