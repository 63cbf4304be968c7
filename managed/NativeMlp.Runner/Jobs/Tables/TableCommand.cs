// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Tables;
using NativeMlp.Tabular.Reading;

namespace NativeMlp.Runner.Jobs.Tables;

/// <summary>A table model and the file that it is applied to.</summary>
internal sealed class TableCommand : IDisposable
{
    private const string StandardInput = "-";

    private readonly RunnerSettings _chosen;

    private TableCommand(RunnerSettings chosen, string modelPath, string dataPath, TableModel model) =>
        (_chosen, ModelPath, DataPath, Model) = (chosen, modelPath, dataPath, model);

    public string ModelPath { get; }

    public TableModel Model { get; }

    public int Threads => _chosen.Threads ?? 0;

    /// <summary>The name of the file in messages.</summary>
    public string DataName => DataPath == StandardInput ? "standard input" : DataPath;

    private string DataPath { get; }

    private TableSchema Schema => Model.Schema;

    /// <summary>Opens the model if it is a table model.</summary>
    /// <returns>The model and the file; null if the model was trained on a built-in data set.</returns>
    /// <exception cref="RunnerException">The model or the file was not named or does not exist, or an option has no effect.</exception>
    /// <exception cref="DataFormatException">The model file is damaged.</exception>
    public static TableCommand? Open(RunnerSettings chosen)
    {
        string model = ModelFile.PathIn(chosen);
        if (!ModelFile.IsOfTable(model))
        {
            Refuse(chosen, [.. TableSettings.All, .. ReadingSettings.All], "a model that was trained on a table");
            return null;
        }

        Refuse(chosen, [Setting.DataDir], "a model that was trained on a built-in data set");
        string data = chosen.Data ?? throw RunnerException.Usage("Name the file with the rows to predict after the model, or - for standard input.");
        return new TableCommand(chosen, model, data, ModelFile.LoadTable(chosen, model));
    }

    /// <summary>Reads the whole file: the columns that the model reads, and its label columns.</summary>
    /// <param name="alsoRead">Another column to read as text; null for none.</param>
    /// <param name="stop">Stops the reading.</param>
    /// <exception cref="RunnerException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">The file is not a table, a record is invalid, or a column is missing.</exception>
    public Table ReadLabelled(string? alsoRead, CancellationToken stop)
    {
        Dictionary<string, CellKind> kinds = KindsOfFeatures();
        foreach (string label in Schema.Labels)
            kinds[label] = Schema.Task == TableTask.Regression ? CellKind.Number : CellKind.Text;
        if (alsoRead is not null)
            kinds.TryAdd(alsoRead, CellKind.Text);
        TableReaderOptions options = Options(kinds) with { OtherColumns = Schema.Weight is null ? CellKind.Skip : CellKind.Auto };
        TableFile file = Reading(() => DataPath == StandardInput
            ? TableReader.Read(Console.OpenStandardInput(), DataName, options, stop) : TableReader.Read(DataPath, options, stop));
        foreach (string note in file.Notes)
            Failure.Warn(note);
        return file.Table;
    }

    /// <summary>Opens the file for reading in batches of rows: the columns that the model reads, and those that are kept.</summary>
    /// <exception cref="RunnerException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">The file is not a table, or a column is missing.</exception>
    public TableBatchReader OpenBatches()
    {
        Dictionary<string, CellKind> kinds = KindsOfFeatures();
        bool all = _chosen.Keep is [TableSettings.AllColumns];
        foreach (string column in all ? [] : _chosen.Keep)
            kinds.TryAdd(column, CellKind.Text);
        TableReaderOptions options = Options(kinds) with { OtherColumns = all ? CellKind.Text : CellKind.Skip };
        return Reading(() => DataPath == StandardInput
            ? TableBatchReader.Open(Console.OpenStandardInput(), DataName, options) : TableBatchReader.Open(DataPath, options));
    }

    public void Dispose() => Model.Dispose();

    // A row whose number cannot be parsed is invalid. An unknown category is left to the model.
    private Dictionary<string, CellKind> KindsOfFeatures() => Schema.Features.ToDictionary(
        feature => feature.Name,
        feature => feature.Type switch { ColumnType.Number => CellKind.Number, ColumnType.Date => CellKind.Auto, _ => CellKind.Text },
        StringComparer.Ordinal);

    // The model stores the number format. An option adds to it.
    private TableReaderOptions Options(IReadOnlyDictionary<string, CellKind> kinds) => _chosen.Table.Reading with
    {
        Columns = kinds,
        Missing = [.. Schema.MissingMarks, .. _chosen.Table.Reading.Missing],
        DecimalSeparator = _chosen.Table.Reading.DecimalSeparator ?? Schema.DecimalSeparator,
        ThousandsSeparator = _chosen.Table.Reading.ThousandsSeparator ?? Schema.ThousandsSeparator,
        AllowUnits = _chosen.Table.Reading.AllowUnits || Schema.AllowUnits,
        Threads = Threads,
    };

    private static T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FileNotFoundException e)
        {
            throw RunnerException.BadData(e.Message, e);
        }
    }

    private static void Refuse(RunnerSettings chosen, IReadOnlyList<Setting> settings, string needed)
    {
        foreach (Setting setting in settings)
        {
            if (chosen.Origins.TryGetValue(setting, out SettingOrigin? origin) && origin.IsTyped)
                throw RunnerException.Usage($"{origin.Name} has no effect here: it needs {needed}.");
        }
    }
}
