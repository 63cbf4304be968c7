// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Onnx.Graphs;
using NativeMlp.Onnx.Tests.Support;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;
using static NativeMlp.Onnx.Tests.Support.Differences;

namespace NativeMlp.Onnx.Tests.Import;

/// <summary>Networks that come back from ONNX, and graphs that no network can be made of.</summary>
public sealed class OnnxImportTests
{
    public static TheoryData<Activation, Norm> Layers() => new MatrixTheoryData<Activation, Norm>(Enum.GetValues<Activation>(), Enum.GetValues<Norm>());

    [Theory]
    [MemberData(nameof(Layers))]
    public void Load_EachActivationAndNorm_AnswersTheSame(Activation activation, Norm norm)
    {
        Random random = new(1);
        MlpOptions options = new() { Inputs = 5, Hidden = [8, 6], Outputs = 3, Activation = activation, ActivationAlpha = 0.3, Norm = norm, Pieces = 3 };
        using Mlp network = RandomNetwork.Make(options, random);
        CheckRoundTrip(network, new CheckpointInfo(), random);
    }

    [Theory]
    [InlineData(Loss.SoftmaxCrossEntropy, 3)]
    [InlineData(Loss.BinaryCrossEntropy, 1)]
    [InlineData(Loss.BinaryCrossEntropy, 3)]
    [InlineData(Loss.MeanSquaredError, 1)]
    public void Load_EachHead_IsRecognised(Loss loss, int outputs)
    {
        Random random = new(2);
        using Mlp network = RandomNetwork.Make(new MlpOptions { Inputs = 4, Hidden = [6], Outputs = outputs, Loss = loss }, random);
        CheckRoundTrip(network, new CheckpointInfo(), random);
    }

    [Fact]
    public void Load_NormalizationBeforeTheFirstLayer_BecomesPartOfItsWeights()
    {
        Random random = new(3);
        using Mlp network = RandomNetwork.Make(new MlpOptions { Inputs = 4, Hidden = [6], Outputs = 3 }, random);
        using TemporaryFolder folder = new();
        OnnxExport.Save(network, folder.File("a.onnx"), info: new CheckpointInfo { Mean = [1, 2, 3, 4], Scale = 0.5f });
        using ImportedNetwork back = OnnxImport.Load(folder.File("a.onnx"));
        float[] rows = RandomNetwork.Numbers(random, 28), normalized = [.. rows.Select((x, i) => (x - (i % 4) - 1) * 0.5f)];
        Assert.InRange(Relative(Doubles(network.Predict(Batch.FromRows(normalized, 7))), Doubles(back.Network.Predict(Batch.FromRows(rows, 7)))), 0, Bound);
    }

    // The rows (1, 3) have the norm (−1, 1): times 2 and 3, plus 5, that is (3, 8).
    [Fact]
    public void Load_ScaleAndShiftAfterANorm_ChangeWhatTheNormGives()
    {
        using ImportedNetwork network = Import(graph =>
        {
            string norm = graph.Node("LayerNormalization", "norm", [Sums(graph), graph.Floats("gamma", [1, 1], 2), graph.Floats("beta", [0, 0], 2)]);
            string scaled = graph.Node("Mul", "scaled", [norm, graph.Floats("scale", [2, 3], 2)]);
            return graph.Node("Add", "shifted", [scaled, graph.Floats("shift", [5], 1)]);
        });
        float[] answers = network.Network.Predict([1, 3]);
        Assert.Equal(3, answers[0], 1e-3);
        Assert.Equal(8, answers[1], 1e-3);
    }

    [Fact]
    public void Load_AnUnknownOperator_NamesNodeAndOperator()
    {
        GraphBuilder graph = new(new OnnxSize("N", null));
        string sums = graph.Node("MatMul", "dense", [graph.Input("x", ElementType.Float, 2), graph.Floats("w", [1, 2, 3, 4], 2, 2)]);
        graph.Reserve("y");
        graph.Output("y", graph.Node("HardSwish", "strange", [sums]), ElementType.Float, 2);
        DataFormatException e = Assert.Throws<DataFormatException>(() => Load(OnnxWriter.Write(graph.Build([]))));
        Assert.Contains("node 'strange' (HardSwish) cannot be imported", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Softmax", "axis", 0)]
    [InlineData("LogSoftmax", "axis", 0)]
    [InlineData("Cast", "to", (int)ElementType.Int64)]
    public void Load_ANodeThatMeansSomethingElse_IsRefused(string op, string attribute, int value)
    {
        DataFormatException e = Assert.Throws<DataFormatException>(() => Import(graph => graph.Node(op, "strange", [Sums(graph)], OnnxAttribute.Of(attribute, (long)value)), loss: null));
        Assert.Contains($"node 'strange' ({op})", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AnOperatorOfAnotherDomain_IsRefusedByName()
    {
        DataFormatException e = Assert.Throws<DataFormatException>(() => Import(graph => graph.MlNode("Relu", "strange", [Sums(graph)])));
        Assert.Contains("node 'strange' (ai.onnx.ml.Relu)", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(250)]
    public void Load_AReluWithAnUpperBound_IsRefused(float bound)
    {
        Assert.Throws<DataFormatException>(() => Import(graph =>
            graph.Node("Min", "bounded", [graph.Node("Max", "positive", [Sums(graph), graph.Floats("zero", [0], 1)]), graph.Floats("bound", [bound], 1)])));
    }

    [Fact]
    public void Load_AMinimumOfThree_IsRefused()
    {
        Assert.Throws<DataFormatException>(() => Import(graph =>
            graph.Node("Max", "positive", [Sums(graph), graph.Floats("zero", [0], 1), graph.Floats("one", [1], 1)])));
    }

    [Theory]
    [InlineData("Squeeze")]
    [InlineData("Identity")]
    public void Load_SigmoidBeforeANodeThatChangesNothing_EndsABinaryClassifier(string op)
    {
        using ImportedNetwork network = Import(graph => graph.Node(op, "last", [graph.Node("Sigmoid", "yes", [Sums(graph)])]), loss: null);
        Assert.Equal(Loss.BinaryCrossEntropy, network.Network.Options.Loss);
        Assert.Equal(Activation.Identity, network.Network.Layers[^1].Activation);
    }

    [Fact]
    public void Load_ACycle_EndsWithASentence()
    {
        OnnxNode Node(string input, params string[] outputs) => new("Identity", "", outputs[0], [input], outputs, []);
        OnnxValue Value(string name) => new(name, ElementType.Float, [new OnnxSize("N", null), new OnnxSize(null, 2)]);
        OnnxGraph graph = new([Node("x", "y"), Node("y", "x", "w"), Node("w", "z")], [], [Value("x")], [Value("z")]);
        DataFormatException e = Assert.Throws<DataFormatException>(() => Load(OnnxWriter.Write(new OnnxModel(graph, [new OnnxOperatorSet("", 13)]))));
        Assert.Contains("cycle", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AWeightThatIsShorterThanItsSizesSay_IsRefused()
    {
        GraphBuilder graph = new(new OnnxSize("N", null));
        string sums = graph.Node("MatMul", "dense", [graph.Input("x", ElementType.Float, 2), graph.Floats("w", [1, 2, 3, 4], int.MaxValue, int.MaxValue)]);
        graph.Reserve("y");
        graph.Output("y", sums, ElementType.Float, 2);
        Assert.Contains("'w'", Assert.Throws<DataFormatException>(() => Load(OnnxWriter.Write(graph.Build([])))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EveryPrefixOfAFile_IsRefusedOrRead()
    {
        using Mlp network = new(new MlpOptions { Inputs = 2, Hidden = [3], Outputs = 2, Activation = Activation.Gelu });
        byte[] bytes = OnnxExport.ToBytes(network);
        for (int length = 0; length < bytes.Length; length++)
        {
            byte[] part = bytes[..length];
            Exception? e = Record.Exception(() => Load(part));
            Assert.True(e is null or DataFormatException, $"{length} bytes: {e}");
        }
    }

    [Fact]
    public void Load_BytesThatAreChanged_AreRefusedOrRead()
    {
        using Mlp network = new(new MlpOptions { Inputs = 2, Hidden = [3], Outputs = 2, Activation = Activation.Gelu, Norm = Norm.Layer });
        byte[] bytes = OnnxExport.ToBytes(network);
        Random random = new(1);
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] changed = [.. bytes];
            for (int change = 0; change < 3; change++) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            Exception? e = Record.Exception(() => Load(changed));
            Assert.True(e is null or DataFormatException, $"trial {trial}: {e}");
        }
    }

    // x·1: the sums of a layer of two.
    private static string Sums(GraphBuilder graph) =>
        graph.Node("MatMul", "dense", [graph.Input("x", ElementType.Float, 2), graph.Floats("w", [1, 0, 0, 1], 2, 2)]);

    private static ImportedNetwork Import(Func<GraphBuilder, string> build, Loss? loss = Loss.MeanSquaredError)
    {
        GraphBuilder graph = new(new OnnxSize("N", null));
        graph.Reserve("y");
        graph.Output("y", build(graph), ElementType.Float, 2);
        using TemporaryFolder folder = new();
        return OnnxImport.Load(folder.Write("a.onnx", OnnxWriter.Write(graph.Build([]))), new ImportOptions { Loss = loss });
    }

    private static void Load(byte[] bytes)
    {
        using TemporaryFolder folder = new();
        using ImportedNetwork network = OnnxImport.Load(folder.Write("a.onnx", bytes));
    }

    private static void CheckRoundTrip(Mlp network, CheckpointInfo info, Random random)
    {
        using TemporaryFolder folder = new();
        OnnxExport.Save(network, folder.File("a.onnx"), info: info);
        using ImportedNetwork back = OnnxImport.Load(folder.File("a.onnx"));
        Batch batch = Batch.FromRows(RandomNetwork.Numbers(random, 7 * network.Inputs), 7);
        Assert.Equal(network.Options.Loss, back.Network.Options.Loss);
        Assert.Equal(network.Layers.Select(layer => (layer.Activation, layer.Width)), back.Network.Layers.Select(layer => (layer.Activation, layer.Width)));
        Assert.InRange(Relative(Doubles(network.Predict(batch)), Doubles(back.Network.Predict(batch))), 0, Bound);
    }
}
