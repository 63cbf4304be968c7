// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Graphs;
using NativeMlp.Onnx.Tests.Support;
using NativeMlp.Storage;
using static NativeMlp.Onnx.Tests.Support.Differences;

namespace NativeMlp.Onnx.Tests.Export;

/// <summary>Networks as ONNX Runtime runs them.</summary>
public sealed class NetworkExportTests
{
    private const int Rows = 7;

    private const int Networks = 1000;

    [Fact]
    public void ToBytes_RandomNetworks_AnswerTheSame()
    {
        double greatest = 0;
        for (int seed = 0; seed < Networks; seed++)
        {
            Random random = new(seed);
            MlpOptions options = RandomNetwork.Options(random);
            using Mlp network = RandomNetwork.Make(options, random);
            double difference = Compare(network, random);
            Assert.True(difference <= Bound, $"seed {seed}: {difference} in {options}");
            greatest = Math.Max(greatest, difference);
        }

        TestContext.Current.SendDiagnosticMessage($"{Networks} networks: greatest difference {greatest}");
    }

    public static TheoryData<Activation, Norm> Layers() => new MatrixTheoryData<Activation, Norm>(Enum.GetValues<Activation>(), Enum.GetValues<Norm>());

    [Theory]
    [MemberData(nameof(Layers))]
    public void ToBytes_EachActivationAndNorm_AnswersTheSame(Activation activation, Norm norm)
    {
        Random random = new(1);
        MlpOptions options = new() { Inputs = 5, Hidden = [8, 6], Outputs = 3, Activation = activation, OutputActivation = activation, Norm = norm, Pieces = 3, Loss = Loss.Huber };
        using Mlp network = RandomNetwork.Make(options, random);
        Assert.InRange(Compare(network, random), 0, Bound);
    }

    public static TheoryData<Loss, int> Heads() => new MatrixTheoryData<Loss, int>(Enum.GetValues<Loss>(), [1, 2, 4]);

    [Theory]
    [MemberData(nameof(Heads))]
    public void ToBytes_EachLoss_AnswersTheSame(Loss loss, int outputs)
    {
        Random random = new(2);
        using Mlp network = RandomNetwork.Make(new MlpOptions { Inputs = 5, Hidden = [8], Outputs = outputs, Loss = loss }, random);
        Assert.InRange(Compare(network, random), 0, Bound);
    }

    [Fact]
    public void ToBytes_WithNormalization_TakesRowsAsTheyStandInAFile()
    {
        Random random = new(3);
        using Mlp network = RandomNetwork.Make(new MlpOptions { Inputs = 4, Hidden = [6], Outputs = 3 }, random);
        float[] mean = [10, 20, 30, 40], rows = [.. RandomNetwork.Numbers(random, Rows * 4).Select(x => 100 + (60 * x))];
        float[] normalized = [.. rows.Select((x, i) => (x - mean[i % 4]) * 0.0625f)];
        using OnnxRun run = OnnxRun.Of(OnnxExport.ToBytes(network, info: new CheckpointInfo { Mean = mean, Scale = 0.0625f }), rows, 4);
        float[] expected = network.PredictProbabilities(Batch.FromRows(normalized, Rows));
        Assert.InRange(Greatest(Doubles(expected), Doubles(run.Floats("probabilities"))), 0, Bound);
    }

    [Fact]
    public void ToBytes_ColoursLast_TakesThePixelsAsTheFilesHaveThem()
    {
        Random random = new(4);
        using Mlp network = RandomNetwork.Make(new MlpOptions { Inputs = 3072, Outputs = 3 }, random);
        float[] row = RandomNetwork.Numbers(random, 3072);
        float[] turned = [.. Enumerable.Range(0, 3072).Select(i => row[(i % 3 * 1024) + (i / 3)])]; // red, green, blue of pixel i / 3
        using OnnxRun run = OnnxRun.Of(OnnxExport.ToBytes(network, info: new CheckpointInfo { PixelOrder = PixelOrder.ColoursLast }), row, 3072);
        Assert.InRange(Greatest(Doubles(network.PredictProbabilities(Batch.FromRows(turned, 1))), Doubles(run.Floats("probabilities"))), 0, Bound);
    }

    [Theory]
    [InlineData(Norm.None, 13)]
    [InlineData(Norm.Batch, 13)]
    [InlineData(Norm.Layer, 17)]
    public void ToBytes_ANorm_TakesTheLowestVersionThatHasIt(Norm norm, long version)
    {
        using Mlp network = new(new MlpOptions { Inputs = 2, Hidden = [3], Outputs = 2, Norm = norm });
        OnnxModel model = OnnxReader.Model(OnnxExport.ToBytes(network));
        Assert.Equal([new OnnxOperatorSet("", version)], model.OperatorSets);
    }

    [Fact]
    public void ToBytes_Batch_FixesTheNumberOfRows()
    {
        using Mlp network = new(new MlpOptions { Inputs = 2, Outputs = 2 });
        OnnxSize any = OnnxReader.Model(OnnxExport.ToBytes(network)).Graph.Inputs[0].Sizes[0];
        OnnxSize four = OnnxReader.Model(OnnxExport.ToBytes(network, new OnnxExportOptions { Batch = 4 })).Graph.Inputs[0].Sizes[0];
        Assert.Equal((new OnnxSize("N", null), new OnnxSize(null, 4)), (any, four));
    }

    [Fact]
    public void ToBytes_Logits_AreTheScores()
    {
        Random random = new(5);
        using Mlp network = RandomNetwork.Make(new MlpOptions { Inputs = 3, Hidden = [4], Outputs = 3 }, random);
        float[] rows = RandomNetwork.Numbers(random, Rows * 3);
        using OnnxRun run = OnnxRun.Of(OnnxExport.ToBytes(network, new OnnxExportOptions { Logits = true }), rows, 3);
        Assert.Equal(["label", "logits"], run.Outputs);
        Assert.InRange(Relative(Doubles(network.Predict(Batch.FromRows(rows, Rows))), Doubles(run.Floats("logits"))), 0, Bound);
    }

    [Fact]
    public void ToBytes_ABuiltInDataSet_NamesItsClasses()
    {
        using Mlp network = new(new MlpOptions { Inputs = 4, Outputs = 10 });
        using OnnxRun run = OnnxRun.Of(OnnxExport.ToBytes(network, info: new CheckpointInfo { DataSet = "fashion-mnist" }), new float[4], 4);
        Assert.StartsWith("[\"T-shirt/top\",\"Trouser\"", run.Metadata["classes"], StringComparison.Ordinal);
    }

    /// <summary>A tensor lies in a graph, a graph in a model: its bytes are copied into the file and nowhere else.</summary>
    [Fact]
    public void Write_ALargeTensor_AllocatesTheFileAlone()
    {
        OnnxModel model = new(new OnnxGraph([], [new OnnxTensor("w", ElementType.Float, [1000, 1000], new byte[4_000_000])], [], []), []);
        OnnxWriter.Write(model);
        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] file = OnnxWriter.Write(model);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, file.Length, file.Length + 20_000);
    }

    private static double Compare(Mlp network, Random random)
    {
        float[] rows = RandomNetwork.Numbers(random, Rows * network.Inputs);
        Batch batch = Batch.FromRows(rows, Rows);
        using OnnxRun run = OnnxRun.Of(OnnxExport.ToBytes(network), rows, network.Inputs);
        double[] scores = Doubles(network.Predict(batch));
        double difference = 0;
        if (run.Outputs.Contains("prediction")) difference = Relative(scores, Doubles(run.Floats("prediction")));
        if (network.Classes == 0) return difference;
        double[] probabilities = Doubles(network.PredictProbabilities(batch));
        if (network.Options.Loss == Loss.BinaryCrossEntropy && network.Outputs == 1) probabilities = [.. probabilities.SelectMany(p => new[] { 1 - p, p })];
        CheckLabels(network.PredictClasses(batch), run.Integers("label"), scores, network.Outputs);
        return Math.Max(difference, Greatest(probabilities, Doubles(run.Floats("probabilities"))));
    }

    // Where two scores are nearly equal, either may be the greater one elsewhere.
    private static void CheckLabels(int[] expected, long[] actual, double[] scores, int outputs)
    {
        for (int row = 0; row < expected.Length; row++)
        {
            double[] sorted = [.. scores.AsSpan(row * outputs, outputs).ToArray().OrderDescending()];
            double margin = outputs > 1 ? sorted[0] - sorted[1] : Math.Abs(sorted[0]);
            if (margin > 1e-4) Assert.Equal(expected[row], actual[row]);
        }
    }
}
