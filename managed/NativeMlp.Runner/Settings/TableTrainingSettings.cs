// SPDX-License-Identifier: MIT
using NativeMlp.Tabular.Training;

namespace NativeMlp.Runner.Settings;

/// <summary>How a model of a table is trained.</summary>
internal static class TableTrainingSettings
{
    private const int MostFolds = 1000;
    private const int MostNetworks = 100;

    public static Setting Test { get; } = new("Test", "--test", "FILE|X", "a file, or a number of at least 0 and less than 1",
        "Table to measure the model on, or the part of the rows that is held back for it. [default: 0.2]",
        (s, text) => Setting.TryReal(text, out double part) && !Path.Exists(text)
            ? part is >= 0 and < 1 && Setting.Set(() => s.Table.TestFraction = part)
            : Setting.IsPath(text) && Setting.Set(() => s.Table.TestFile = text));

    public static Setting Folds { get; } = Setting.Whole("Folds", "--folds", 2, MostFolds,
        "Also measures by cross-validation: each of so many parts is tested by a model of the others.", (s, n) => s.Table.Folds = n);

    public static Setting Ensemble { get; } = Setting.Whole("Ensemble", "--ensemble", 1, MostNetworks,
        "Networks that are trained from seeds of their own and answer together. [default: 5 under 2,000 rows, else 1]", (s, n) => s.Table.Ensemble = n);

    public static Setting Group { get; } = new("Group", "--group", "COLUMN", "the name of a column",
        "Column whose equal values name rows that stay together in one part.",
        (s, text) => text.Length > 0 && Setting.Set(() => s.Table.Columns = s.Table.Columns with { Group = text }));

    public static Setting Time { get; } = new("Time", "--time", "COLUMN", "the name of a column",
        "Column of dates or numbers by which the latest rows are held back.",
        (s, text) => text.Length > 0 && Setting.Set(() => s.Table.Time = text));

    public static Setting ClassWeights { get; } = Setting.Choice<ClassWeighting>("ClassWeights", "--class-weights",
        "Whether all classes count alike, however many rows they have. [default: none]", (s, value) => s.Table.BalancedClasses = value == ClassWeighting.Balanced);

    public static Setting Threshold { get; } = Setting.Choice<ThresholdMetric>("Threshold", "--threshold",
        "What the threshold between two classes is chosen for, on the validation rows. [default: one half]", (s, value) => s.Table.Threshold = value);

    /// <summary>The settings of any network that a model of a table has, too.</summary>
    public static IReadOnlyList<Setting> Shared { get; } =
        [Setting.Data, Setting.Hidden, Setting.Dropout, Setting.Lr, Setting.WeightDecay, Setting.Batch, Setting.Epochs, Setting.Validation, Setting.Seed, Setting.Threads, Setting.Out];

    /// <summary>Those that only a model of a table has.</summary>
    public static IReadOnlyList<Setting> Own { get; } = [Test, Folds, Ensemble, Group, Time, ClassWeights, Threshold];
}
