// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Training;
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>Writes the settings of a run in the form of a settings file, including all detected values.</summary>
internal static class TableConfig
{
    /// <param name="plan">The given settings.</param>
    /// <param name="file">How the file was read.</param>
    /// <param name="profile">The detected columns.</param>
    /// <param name="session">The training of the first network, whose sizes the preset has chosen.</param>
    /// <param name="networks">The number of networks of the model.</param>
    /// <param name="choices">The settings of the folder.</param>
    public static byte[] Write(TablePlan plan, TableFile file, TableProfile profile, TrainingSession session, int networks, RunChoices choices) => RunConfig.Write(writer =>
    {
        writer.WriteString(Setting.Data.Key, plan.DataPath);
        WriteReading(writer, plan.Table.Reading, file.Format);
        WriteColumns(writer, plan.Table.Columns, profile);
        WriteTraining(writer, plan);
        WriteSizes(writer, plan, session, networks);
        RunConfig.WriteChoices(writer, choices);
    });

    private static void WriteReading(Utf8JsonWriter writer, TableReaderOptions options, TableFormat format)
    {
        if (format.Kind != TableFileKind.DelimitedText)
            return;
        writer.WriteString(ReadingSettings.Delimiter.Key, format.Delimiter.ToString());
        writer.WriteString(ReadingSettings.Decimal.Key, format.DecimalSeparator.ToString());
        writer.WriteBoolean(format.HasHeader ? ReadingSettings.Header.Key : ReadingSettings.NoHeader.Key, true);
        if (options.Comment is char comment)
            writer.WriteString(ReadingSettings.Comment.Key, comment.ToString());
        if (options.ThousandsSeparator is char thousands)
            writer.WriteString(ReadingSettings.Thousands.Key, thousands.ToString());
        if (options.AllowUnits)
            writer.WriteBoolean(ReadingSettings.Units.Key, true);
        writer.WriteNumber(ReadingSettings.MaxRatio.Key, options.MaxRatio);
        WriteNames(writer, ReadingSettings.Missing, options.Missing);
    }

    private static void WriteColumns(Utf8JsonWriter writer, InferenceOptions options, TableProfile profile)
    {
        WriteNames(writer, ColumnSettings.Labels, options.Labels);
        if (options.Multilabel)
            writer.WriteBoolean(ColumnSettings.Multilabel.Key, true);
        WriteNames(writer, ColumnSettings.Numeric, [.. Names(profile, ColumnType.Number), .. options.Numeric.Intersect(options.Labels)]);
        WriteNames(writer, ColumnSettings.Categorical, [.. Names(profile, ColumnType.Category), .. options.Categorical.Intersect(options.Labels)]);
        WriteNames(writer, ColumnSettings.Boolean, [.. Names(profile, ColumnType.Boolean), .. options.Boolean.Intersect(options.Labels)]);
        WriteNames(writer, ColumnSettings.Date, Names(profile, ColumnType.Date));
        if (profile.DateOrder is { } order)
            writer.WriteString(ColumnSettings.DateOrder.Key, Words.Of(order));
        WriteNames(writer, ColumnSettings.Ignore, [.. profile.Columns.Where(column => column.Role == ColumnRole.LeftOut).Select(column => column.Name)]);
        WriteNames(writer, ColumnSettings.Id, options.Ids);
        WriteText(writer, ColumnSettings.Weight, options.Weight);
        WriteText(writer, TableTrainingSettings.Group, options.Group);
    }

    private static void WriteTraining(Utf8JsonWriter writer, TablePlan plan)
    {
        TableTrainingOptions options = plan.Options;
        WriteText(writer, TableTrainingSettings.Time, options.Time);
        if (plan.Table.TestFile is { } test)
            writer.WriteString(TableTrainingSettings.Test.Key, test);
        else
            writer.WriteNumber(TableTrainingSettings.Test.Key, options.Test);
        if (plan.Folds > 0)
            writer.WriteNumber(TableTrainingSettings.Folds.Key, plan.Folds);
        writer.WriteNumber(Setting.Validation.Key, options.Validation);
        writer.WriteNumber(Setting.Seed.Key, options.Seed);
        writer.WriteNumber(Setting.Lr.Key, options.LearningRate);
        writer.WriteNumber(Setting.WeightDecay.Key, options.WeightDecay);
        writer.WriteNumber(Setting.Dropout.Key, options.Dropout);
        writer.WriteString(TableTrainingSettings.ClassWeights.Key, Words.Of(options.BalancedClasses ? ClassWeighting.Balanced : ClassWeighting.None));
        if (options.Threshold is { } metric)
            writer.WriteString(TableTrainingSettings.Threshold.Key, Words.Of(metric));
    }

    // With folds, the preset chooses the sizes for each fold by its number of rows, so settings that were not given are not written.
    private static void WriteSizes(Utf8JsonWriter writer, TablePlan plan, TrainingSession session, int networks)
    {
        bool folds = plan.Folds > 0;
        if ((folds ? plan.Options.Networks : networks) is { } count)
            writer.WriteNumber(TableTrainingSettings.Ensemble.Key, count);
        if ((folds ? plan.Options.Hidden : session.Network.Options.Hidden) is { } hidden)
            writer.WriteString(Setting.Hidden.Key, string.Join(',', hidden));
        if ((folds ? plan.Options.Epochs : session.Options.Epochs) is { } epochs)
            writer.WriteNumber(Setting.Epochs.Key, epochs);
        if ((folds ? plan.Options.BatchSize : session.Options.BatchSize) is { } batch)
            writer.WriteNumber(Setting.Batch.Key, batch);
    }

    private static IReadOnlyList<string> Names(TableProfile profile, ColumnType type) =>
        [.. profile.Columns.Where(column => column.Role == ColumnRole.Feature && column.Type == type).Select(column => column.Name)];

    private static void WriteText(Utf8JsonWriter writer, Setting setting, string? text)
    {
        if (text is not null)
            writer.WriteString(setting.Key, text);
    }

    private static void WriteNames(Utf8JsonWriter writer, Setting setting, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return;
        writer.WriteStartArray(setting.Key);
        foreach (string name in names)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
    }
}
