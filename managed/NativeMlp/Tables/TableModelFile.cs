// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text.Json;
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Tables;

/// <summary>Table models as safetensors files. The first network is stored as by <see cref="Checkpoint"/>, the
/// others with <c>networks.N.</c> before the names of their tensors. The metadata <c>table</c> describe the columns and the
/// outputs.</summary>
internal static class TableModelFile
{
    public const string Table = "table";
    private const string Version = "table_version";
    private const string Networks = "networks";
    private const int NewestVersion = 1;

    /// <summary>Whether a file contains a table model.</summary>
    public static bool Describes(IReadOnlyDictionary<string, string> metadata) => metadata.ContainsKey(Table);

    public static void Save(TableModel model, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        List<WrittenTensor> tensors = [];
        for (int i = 0; i < model.Networks.Count; i++)
        {
            Mlp network = model.Networks[i];
            foreach ((int layer, LayerTensor which) in CheckpointTensors.Of(network, TensorKind.Parameter))
            {
                tensors.Add(CheckpointTensors.Written(network, TensorKind.Parameter, Prefix(i), layer, which));
            }
        }

        CheckpointInfo info = new CheckpointInfo().Completed(model.Networks[0].Trained);
        Dictionary<string, string> metadata = CheckpointDescription.Of(model.Networks[0], info, default);
        metadata["max_batch"] = "1"; // a model that only predicts needs no memory for steps
        metadata[Version] = NewestVersion.ToString(CultureInfo.InvariantCulture);
        metadata[Networks] = model.Networks.Count.ToString(CultureInfo.InvariantCulture);
        metadata[Table] = TableDescription.Of(model).ToJson();
        SafeTensorsWriter.Write(path, tensors, metadata);
    }

    public static TableModel Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        using SafeTensorsSource file = new(path);
        file.ThrowIfContentChanged();
        TableDescription description = Describe(path, file);
        TableSchema schema = description.ToSchema();
        TableEncoding encoding = new(schema, [.. description.Features.Select(feature => feature.Encoding)]);
        TableLabels labels = new(schema, description.Labels);
        List<Mlp> networks = [];
        try
        {
            int count = new CheckpointMetadata(path, file.Metadata).Integer(Networks, 1);
            for (int i = 0; i < count; i++) networks.Add(ReadNetwork(path, file, i));
            if (networks[0].Inputs != encoding.Inputs || networks[0].Outputs != labels.Names.Count)
                throw new DataFormatException(path, $"its network has {networks[0].Inputs} inputs and {networks[0].Outputs} outputs; its columns need {encoding.Inputs} and {labels.Names.Count}.");
            return new TableModel(encoding, labels, networks) { Threshold = description.Threshold };
        }
        catch
        {
            networks.ForEach(network => network.Dispose());
            throw;
        }
    }

    private static TableDescription Describe(string path, SafeTensorsSource file)
    {
        if (!file.Metadata.TryGetValue(Table, out string? text))
            throw new DataFormatException(path, "its metadata do not describe the columns of a table, so it is not a table model: train it on a table, or use it with rows of numbers as a checkpoint.");
        int version = new CheckpointMetadata(path, file.Metadata).Integer(Version, 1);
        if (version > NewestVersion)
            throw new DataFormatException(path, $"its table_version is {version}; this program reads versions up to {NewestVersion}: use a newer NativeMlp.");
        try
        {
            TableDescription description = TableDescription.Parse(text);
            return description.Problem() is { } problem
                ? throw new DataFormatException(path, $"its description of the table is damaged: {problem}.") : description;
        }
        catch (JsonException e)
        {
            throw new DataFormatException(path, $"its description of the table is damaged: {e.Message}", e);
        }
    }

    private static Mlp ReadNetwork(string path, SafeTensorsSource file, int index)
    {
        CheckpointReader reader = new(path, file);
        Mlp network = new(reader.Options(maxBatch: 1, threads: 1));
        CheckpointInfo info = reader.Info(network.Inputs);
        network.Trained = new TrainedWith(info.Seed, info.Epochs);
        try
        {
            reader.ReadInto(network, TensorKind.Parameter, Prefix(index), transposed: false);
            return reader.Narrowed(network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static string Prefix(int network) => network == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"networks.{network}.");
}
