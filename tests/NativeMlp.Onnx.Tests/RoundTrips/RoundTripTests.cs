// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Tests.Sources;
using NativeMlp.Onnx.Tests.Support;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tabular.Training;
using NativeMlp.Tests.Support;
using static NativeMlp.Onnx.Tests.Support.Differences;

namespace NativeMlp.Onnx.Tests.RoundTrips;

/// <summary>Trained models, exported each way, with 1,000 rows of their data: raw rows for ONNX, C and C#, encoded ones for files of
/// weights.</summary>
[Trait("Starts", "Processes")]
public sealed class RoundTripTests
{
    [Fact]
    public void Adult_EachWay_AnswersTheSame() => CheckTable(TrainedModels.Adult());

    [Fact]
    public void Diabetes_EachWay_AnswersTheSame() => CheckTable(TrainedModels.Diabetes());

    [Fact]
    public void FashionMnist_EachWay_AnswersTheSame() => CheckNetwork(TrainedModels.FashionMnist());

    [Fact]
    public void Spirals_EachWay_AnswersTheSame() => CheckNetwork(TrainedModels.Spirals());

    private static void CheckTable((TableTrainingResult Result, Table Rows) trained)
    {
        using TableTrainingResult result = trained.Result;
        (TableModel model, Table rows) = (result.Model, trained.Rows);
        TableSchema schema = model.Schema;
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

        CheckWeights(folder, model.Networks[0], TrainedModels.Encode(rows, model));
    }

    private static void CheckNetwork((Mlp Network, CheckpointInfo Info, float[] Rows) trained)
    {
        using Mlp network = trained.Network;
        float[] rows = trained.Rows, encoded = TrainedModels.Encode(rows, trained.Info);
        float[] expected = network.PredictProbabilities(Batch.FromRows(encoded, TrainedModels.Rows));

        using TemporaryFolder folder = new();
        using (OnnxRun run = OnnxRun.Of(OnnxExport.ToBytes(network, info: trained.Info), rows, network.Inputs))
            Assert.InRange(Greatest(Doubles(expected), Doubles(run.Floats("probabilities"))), 0, Bound);

        CSource.Save(network, folder.File("model.h"), trained.Info);
        Assert.Equal(expected, CProgram.Predict(folder, folder.File("model.h"), ["gcc", "-std=c99", "-O1"], rows, network).Answers);

        Checkpoint.Save(network, folder.File("m.safetensors"), trained.Info);
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
