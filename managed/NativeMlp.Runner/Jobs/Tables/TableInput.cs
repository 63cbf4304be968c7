// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>Reads the tables that the settings name, and detects their columns.</summary>
internal static class TableInput
{
    private const string StandardInput = "-";

    /// <summary>Returns the path of the table in the settings.</summary>
    /// <exception cref="RunnerException">No file was named, or a built-in data set was.</exception>
    public static string PathIn(RunnerSettings chosen, string command) => chosen.Data is { } path && IsFile(path)
        ? path : throw RunnerException.Usage($"Name the file with the table, as in: nativemlp {command} FILE {ColumnSettings.Label.Option} COLUMN.");

    /// <summary>Whether --data or its positional argument names a file rather than a built-in data set.</summary>
    public static bool IsFile(string? data) => data is not null && !Data.BuiltInDataSets.Names.Contains(data);

    /// <summary>Refuses table options if there is no table.</summary>
    /// <exception cref="RunnerException">Such an option was typed.</exception>
    public static void RefuseWithoutTable(RunnerSettings chosen)
    {
        foreach (Setting setting in (IEnumerable<Setting>)[.. ReadingSettings.All, .. ColumnSettings.All, .. TableTrainingSettings.Own])
        {
            if (chosen.Origins.TryGetValue(setting, out SettingOrigin? origin) && origin.IsTyped)
                throw RunnerException.Usage($"{origin.Name} has no effect here: it needs the file of a table, as in: nativemlp train FILE {ColumnSettings.Label.Option} COLUMN.");
        }
    }

    /// <summary>Reads a whole table. Shows progress if that takes more than a second.</summary>
    /// <exception cref="RunnerException">There is no such file.</exception>
    /// <exception cref="Data.DataFormatException">It is not a table, or a record is invalid.</exception>
    public static TableFile Read(string path, TableReaderOptions options, CancellationToken stop)
    {
        using var progress = new ReadingProgress(path == StandardInput ? "standard input" : path);
        options = options with { Progress = progress };
        try
        {
            return path == StandardInput
                ? TableReader.Read(Console.OpenStandardInput(), "standard input", options, stop) : TableReader.Read(path, options, stop);
        }
        catch (FileNotFoundException e)
        {
            throw RunnerException.BadData(e.Message, e);
        }
    }

    /// <summary>Detects the columns, and warns about suspicious ones.</summary>
    /// <exception cref="RunnerException">A named column does not exist, or the label cannot be predicted.</exception>
    public static TableProfile Profile(TableFile file, InferenceOptions options)
    {
        try
        {
            return TableProfile.Of(file, options);
        }
        catch (ArgumentException e)
        {
            throw RunnerException.Usage($"{Printable.Path(file.Name)}: {e.Message}");
        }
    }

    /// <summary>Writes notes and warnings about a table to standard error.</summary>
    public static void Warn(TableFile file, TableProfile profile)
    {
        foreach (string note in file.Notes.Concat(profile.Notes))
            Failure.Warn(note);
        foreach (ColumnProfile column in profile.Columns.Where(column => column.Warning is not null))
            Failure.Warn($"Column {Printable.Quoted(column.Name, 60)}: {column.Warning}");
    }

    /// <summary>Reads another table for a model with this schema. The columns, including the labels, may be in any order.</summary>
    /// <exception cref="RunnerException">There is no such file.</exception>
    /// <exception cref="Data.DataFormatException">A column is missing, or a cell that must be a number is not.</exception>
    public static Table ReadLike(string path, TableSchema schema, TableReaderOptions options, CancellationToken stop)
    {
        var kinds = new Dictionary<string, CellKind>(StringComparer.Ordinal);
        foreach (FeatureColumn feature in schema.Features)
            kinds[feature.Name] = feature.Type switch { ColumnType.Number => CellKind.Number, ColumnType.Category => CellKind.Text, _ => CellKind.Auto };
        foreach (string label in schema.Labels)
            kinds[label] = schema.Task == TableTask.Regression ? CellKind.Number : CellKind.Text;
        if (schema.Weight is { } weight)
            kinds[weight] = CellKind.Number;
        return Read(path, options with { Columns = kinds, OtherColumns = CellKind.Skip }, stop).Table;
    }
}
