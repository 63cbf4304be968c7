// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Records;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Runner.Jobs;

/// <summary>Reads the content of a model file.</summary>
internal static class ModelSummary
{
    /// <param name="path">The model.</param>
    /// <param name="run">The folder of its run; null if a file was named.</param>
    /// <exception cref="Data.DataFormatException">The file is damaged.</exception>
    public static SummaryEvent Of(string path, string? run)
    {
        IReadOnlyDictionary<string, string> metadata;
        using (SafeTensorsSource file = new(path))
            metadata = file.Metadata;
        if (TableModelFile.Describes(metadata))
        {
            using TableModel model = TableModel.Load(path);
            return OfTable(path, run, metadata, model);
        }

        using LoadedCheckpoint checkpoint = Checkpoint.Load(path, maxBatch: 1);
        return OfNetworks(path, run, metadata, [checkpoint.Mlp]) with { Classes = ClassesOf(checkpoint) };
    }

    private static SummaryEvent OfTable(string path, string? run, IReadOnlyDictionary<string, string> metadata, TableModel model)
    {
        bool regression = model.Labels.Task == TableTask.Regression;
        return OfNetworks(path, run, metadata, model.Networks) with
        {
            Task = model.Labels.Task.ToString().ToLowerInvariant(),
            Columns = [.. model.Schema.Features.Select((feature, i) => ColumnOf(feature, model.Encoding.Features[i]))],
            Classes = regression ? [] : model.Labels.Names,
            Targets = !regression ? [] : [.. model.Labels.Names.Select((name, i) => new TargetSummary(name, model.Labels.Description.Scales[i].Mean, model.Labels.Description.Scales[i].StdDev))],
            Threshold = model.Labels.Task is TableTask.Binary or TableTask.Multilabel ? model.Threshold : null,
        };
    }

    private static SummaryEvent OfNetworks(string path, string? run, IReadOnlyDictionary<string, string> metadata, IReadOnlyList<Mlp> networks)
    {
        Mlp first = networks[0];
        LayerSummary[] layers = [.. first.Layers.Select((layer, number) => LayerOf(layer, number, first.Precision))];
        long parameters = networks.Sum(network => network.ParameterCount);
        ConfigRecord? config = run is null ? null : ConfigRecord.Read(run);
        bool trained = Said("steps") is { } steps && steps != "0"; // a table model contains no optimizer state
        return new SummaryEvent("summary", path, new FileInfo(path).Length, first.Classes > 0 ? "classes" : "numbers", networks.Count, parameters, networks.Count * layers.Sum(layer => layer.Bytes),
            networks.Count * layers.Sum(layer => layer.OperationsPerRow), Words.Of(first.Options.Loss), layers, [], [], [], null, Checkpoint.WeightsSha256(networks),
            new ProvenanceSummary(run, config?[Setting.Data.Key] ?? Said("dataset"), Said("seed") ?? config?[Setting.Seed.Key], Said("epochs") ?? config?[Setting.Epochs.Key],
                trained ? Said("optimizer")?.ToLowerInvariant() : config?[Setting.Optimizer.Key], trained ? Said("steps") : null, Said("pixel_order"), Said("version")), Words.Of(first.Precision));

        string? Said(string name) => metadata.GetValueOrDefault(name) is { Length: > 0 } text ? text : null;
    }

    private static LayerSummary LayerOf(LayerShape layer, int number, Precision precision)
    {
        long parameters = layer.Tensors.Where(tensor => tensor is not (LayerTensor.RunningMean or LayerTensor.RunningVariance)).Sum(layer.LengthOf);
        long saved = precision == Precision.BFloat16 ? (sizeof(float) - sizeof(ushort)) * (long)layer.LengthOf(LayerTensor.Weight) : 0;
        return new LayerSummary(number, layer.Inputs, layer.Outputs, [layer.Inputs, layer.Width], Words.Of(layer.Activation), layer.Norm == Norm.None ? null : Words.Of(layer.Norm),
            layer.Dropout, parameters, (parameters * sizeof(float)) - saved, 2L * layer.Inputs * layer.Width);
    }

    private static IReadOnlyList<string> ClassesOf(LoadedCheckpoint checkpoint) =>
        Data.BuiltInDataSets.All.FirstOrDefault(set => set.Name == checkpoint.Info.DataSet) is { ClassNames: { Count: > 0 } names } && names.Count == checkpoint.Mlp.Classes
            ? names : [.. Enumerable.Range(0, checkpoint.Mlp.Classes).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    private static ColumnSummary ColumnOf(FeatureColumn feature, FeatureEncoding encoding) => new(feature.Name, feature.Type.ToString().ToLowerInvariant(), encoding.Inputs, encoding switch
    {
        NumberEncoding number => Join(number.Spread > 0 ? $"(x − {Format.Real(number.Center)}) / {Format.Real(number.Spread)}" : "constant", number.Clipped ? "clipped" : "",
            number.Knots.Length > 0 ? $"{number.Knots.Length} knots" : "", number.Atoms.Length > 0 ? $"{number.Atoms.Length} frequent values" : "", number.Indicator ? "missing" : ""),
        CategoryEncoding category => Join($"{category.Categories.Length} categories", category.Rare.Length > 0 ? $"{category.Rare.Length} rare ones together" : "",
            category.HasMissing ? "missing" : "", category.HasOther ? "unknown" : ""),
        _ => "parts of the date",
    });

    private static string Join(params IEnumerable<string> parts) => string.Join(", ", parts.Where(part => part.Length > 0));
}
