// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Onnx.Tests.Sources;
using NativeMlp.Onnx.Tests.Support;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Training;
using NativeMlp.Tests.Support;
using NativeMlp.Training;
using static NativeMlp.Onnx.Tests.Support.Differences;

namespace NativeMlp.Onnx.Tests.RoundTrips;

/// <summary>Trained models, exported each way, with 1,000 rows of their data: raw rows for ONNX, C and C#, encoded ones for files of
/// weights.</summary>
[Trait("Starts", "Processes")]
public sealed class RoundTripTests
{
    private const int Rows = 1000;

    [Theory]
    [InlineData("adult.csv.gz", "adult_test.csv.gz", "label")]
    [InlineData("diabetes.csv", "diabetes.csv", "target")]
    public void Table_EachWay_AnswersTheSame(string train, string test, string label)
    {
        TableFile file = TableReader.Read(SharedFolder.PathOf("data", "tabular", train), cancellation: TestContext.Current.CancellationToken);
        TableSchema schema = TableProfile.Of(file, new InferenceOptions { Labels = [label] }).ToSchema(file.MissingMarks);
        using TableTrainingResult trained = TableTrainer.Train(file.Table, schema, new TableTrainingOptions { Epochs = 2 }, cancellationToken: TestContext.Current.CancellationToken);
        TableModel model = trained.Model;
        Table all = TableReader.Read(SharedFolder.PathOf("data", "tabular", test), cancellation: TestContext.Current.CancellationToken).Table;
        Table rows = all.Take([.. Enumerable.Range(0, Rows).Select(i => i % all.RowCount)]);
        double[] expected = [.. model.Predict(rows).Values];

        using TemporaryFolder folder = new();
        byte[] onnx = OnnxExport.ToBytes(model);
        bool matrix = Graphs.OnnxReader.Model(onnx).Graph.Inputs.Count == 1;
        using (OnnxRun run = matrix ? OnnxRun.Of(onnx, TableRows.Matrix(model, rows), schema.Features.Count) : OnnxRun.Of(onnx, TableRows.Columns(model, rows)))
        {
            double[] found = Doubles(run.Floats(schema.Task == TableTask.Regression ? "prediction" : "probabilities"));
            Assert.InRange(schema.Task == TableTask.Regression ? Relative(expected, found) : Greatest(expected, found), 0, Bound);
        }

        CSource.Save(model, folder.File("model.h"));
        Assert.Equal(expected, CProgram.Predict(folder, folder.File("model.h"), ["gcc", "-std=c99", "-O1"], model, rows));

        model.Save(folder.File("m.safetensors"));
        CSharpSource.Save(model, folder.File("Exported.cs"), "m.safetensors");
        Assert.Equal(expected, CSharpSourceTests.Predict(File.ReadAllText(folder.File("Exported.cs")), "Exported", folder.File("m.safetensors"), model, rows));

        CheckWeights(folder, model.Networks[0], model.Encoding.Encode(rows, Enumerable.Range(0, Rows).ToArray()));
    }

    [Fact]
    public void FashionMnist_EachWay_AnswersTheSame()
    {
        (Dataset train, Dataset test) = BuiltInDataSets.Get("fashion-mnist").Load(SharedFolder.PathOf("data"));
        CheckNetwork("fashion-mnist", new MlpOptions { Inputs = 784, Hidden = [32], Outputs = 10 }, train.WithNormalization([], 1f / 255), test.Bytes[..(Rows * 784)].ToArray().Select(pixel => (float)pixel).ToArray(), 1f / 255);
    }

    [Fact]
    public void Spirals_EachWay_AnswersTheSame()
    {
        Dataset rows = Synthetic.Spirals(1002, seed: 2);
        CheckNetwork("spirals", new MlpOptions { Inputs = 2, Hidden = [32, 32], Outputs = 3, Activation = Activation.Gelu, Norm = Norm.Batch },
            Synthetic.Spirals(900, seed: 1), rows.Values[..(Rows * 2)].ToArray(), 1);
    }

    private static void CheckNetwork(string name, MlpOptions options, Dataset train, float[] rows, float scale)
    {
        using Mlp network = new(options);
        Trainer.Train(network, train, new TrainingOptions { Epochs = 1, BatchSize = 100, Optimizer = Optimizer.Adam(1e-3) });
        CheckpointInfo info = new() { DataSet = name, Scale = scale };
        float[] encoded = [.. rows.Select(value => value * scale)];
        float[] expected = network.PredictProbabilities(Batch.FromRows(encoded, Rows));

        using TemporaryFolder folder = new();
        using (OnnxRun run = OnnxRun.Of(OnnxExport.ToBytes(network, info: info), rows, network.Inputs))
            Assert.InRange(Greatest(Doubles(expected), Doubles(run.Floats("probabilities"))), 0, Bound);

        CSource.Save(network, folder.File("model.h"), info);
        Assert.Equal(expected, CProgram.Predict(folder, folder.File("model.h"), ["gcc", "-std=c99", "-O1"], rows, network).Answers);

        Checkpoint.Save(network, folder.File("m.safetensors"), info);
        CSharpSource.Save(network, folder.File("Exported.cs"), "m.safetensors");
        Assert.Equal(expected, CSharpSourceTests.PredictRows(File.ReadAllText(folder.File("Exported.cs")), "Exported", folder.File("m.safetensors"), rows, network.Inputs));

        CheckWeights(folder, network, encoded);
    }

    // Encoded rows through every format of weights, and through ONNX and back: the same bits, but for ONNX's folded norms.
    private static void CheckWeights(TemporaryFolder folder, Mlp network, float[] encoded)
    {
        Batch batch = Batch.FromRows(encoded, encoded.Length / network.Inputs);
        float[] expected = network.Predict(batch);
        WeightFiles.SavePyTorch(network, folder.File("w.safetensors"));
        using ImportedNetwork torch = WeightFiles.LoadPyTorch(folder.File("w.safetensors"));
        Assert.Equal(expected, torch.Network.Predict(batch));
        WeightFiles.SaveNpz(network, folder.File("w.npz"));
        using ImportedNetwork numpy = WeightFiles.LoadNpz(folder.File("w.npz"));
        Assert.Equal(expected, numpy.Network.Predict(batch));
        OnnxExport.Save(network, folder.File("w.onnx"), new OnnxExportOptions { Inputs = OnnxInputs.Encoded });
        using ImportedNetwork onnx = OnnxImport.Load(folder.File("w.onnx"));
        Assert.InRange(Relative(Doubles(expected), Doubles(onnx.Network.Predict(batch))), 0, Bound);
    }
}
