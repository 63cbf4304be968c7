// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Training;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Onnx.Tests.Support;

/// <summary>Models of real data, trained for a moment, with 1,000 rows of their data.</summary>
internal static class TrainedModels
{
    public const int Rows = 1000;

    /// <summary>A model of numbers and texts with two classes, and raw rows.</summary>
    public static (TableTrainingResult Trained, Table Rows) Adult() => OfTable("adult.csv.gz", "adult_test.csv.gz", "label");

    /// <summary>A regression of numbers, and raw rows.</summary>
    public static (TableTrainingResult Trained, Table Rows) Diabetes() => OfTable("diabetes.csv", "diabetes.csv", "target");

    /// <summary>A network of Fashion-MNIST, and rows of bytes as they stand in the file.</summary>
    public static (Mlp Network, CheckpointInfo Info, float[] Rows) FashionMnist()
    {
        (Dataset train, Dataset test) = BuiltInDataSets.Get("fashion-mnist").Load(SharedFolder.PathOf("data"));
        return OfRows("fashion-mnist", new MlpOptions { Inputs = 784, Hidden = [32], Outputs = 10 }, train.WithNormalization([], 1f / 255),
            test.Bytes[..(Rows * 784)].ToArray().Select(pixel => (float)pixel).ToArray(), 1f / 255);
    }

    /// <summary>A network of the three spirals, and points.</summary>
    public static (Mlp Network, CheckpointInfo Info, float[] Rows) Spirals() =>
        OfRows("spirals", new MlpOptions { Inputs = 2, Hidden = [32, 32], Outputs = 3, Activation = Activation.Gelu, Norm = Norm.Batch },
            Synthetic.Spirals(900, seed: 1), Synthetic.Spirals(1002, seed: 2).Values[..(Rows * 2)].ToArray(), 1);

    /// <summary>The rows as the network takes them.</summary>
    public static float[] Encode(float[] rows, CheckpointInfo info) => [.. rows.Select(value => value * info.Scale)];

    /// <summary>The rows as the networks of a model take them.</summary>
    public static float[] Encode(Table rows, TableModel model) => model.Encoding.Encode(rows, Enumerable.Range(0, rows.RowCount).ToArray());

    private static (TableTrainingResult Trained, Table Rows) OfTable(string train, string test, string label)
    {
        using TemporaryFolder folder = new();
        TableFile file = TableReader.Read(SharedTables.PathOf($"data/tabular/{train}", folder), cancellation: TestContext.Current.CancellationToken);
        TableSchema schema = TableProfile.Of(file, new InferenceOptions { Labels = [label] }).ToSchema(file.MissingMarks);
        TableTrainingResult trained = TableTrainer.Train(file.Table, schema, new TableTrainingOptions { Epochs = 2 }, cancellationToken: TestContext.Current.CancellationToken);
        Table all = TableReader.Read(SharedTables.PathOf($"data/tabular/{test}", folder), cancellation: TestContext.Current.CancellationToken).Table;
        return (trained, all.Take([.. Enumerable.Range(0, Rows).Select(i => i % all.RowCount)]));
    }

    private static (Mlp Network, CheckpointInfo Info, float[] Rows) OfRows(string name, MlpOptions options, Dataset train, float[] rows, float scale)
    {
        Mlp network = new(options);
        Trainer.Train(network, train, new TrainingOptions { Epochs = 1, BatchSize = 100, Optimizer = Optimizer.Adam(1e-3) });
        return (network, new CheckpointInfo { DataSet = name, Scale = scale }, rows);
    }
}
