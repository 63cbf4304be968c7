// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Onnx;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tabular.Training;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Model;

/// <summary>Networks for prediction whose weights are narrower than float32.</summary>
public sealed class PrecisionTests
{
    private const int Rows = 21, Inputs = 30, Outputs = 5;
    private static readonly float[] X = TestData.Normal(1, Rows * Inputs);

    [Fact]
    public void Freeze_AsBFloat16_PredictsLikeTheNetworkWithRoundedWeights()
    {
        using Mlp mlp = New();
        using Mlp narrow = mlp.Freeze(Precision.BFloat16), rounded = mlp.Freeze();
        for (int layer = 0; layer < mlp.Layers.Count; layer++)
        {
            float[] weights = new float[mlp.Layers[layer].LengthOf(LayerTensor.Weight)], expected = new float[weights.Length];
            mlp.ReadWeights(layer, expected);
            narrow.ReadWeights(layer, weights);
            Assert.Equal(expected.Select(Rounded), weights);
            rounded.WriteWeights(layer, weights);
        }

        Assert.Equal(Precision.BFloat16, narrow.Precision);
        Assert.Equal(Scores(rounded), Scores(narrow));
        Assert.NotEqual(Scores(mlp), Scores(narrow));
    }

    [Fact]
    public void Save_OfBFloat16_KeepsThePrecision()
    {
        using var folder = new TemporaryFolder();
        using Mlp mlp = New(), narrow = mlp.Freeze(Precision.BFloat16);
        Checkpoint.Save(mlp, folder.File("wide"));
        Checkpoint.Save(narrow, folder.File("narrow"));
        using Mlp loaded = Checkpoint.Load(folder.File("narrow")).Mlp;

        long weights = mlp.Layers.Sum(layer => (long)layer.LengthOf(LayerTensor.Weight));
        Assert.InRange(new FileInfo(folder.File("wide")).Length - new FileInfo(folder.File("narrow")).Length, (2 * weights) - 200, (2 * weights) + 200);
        Assert.Equal(Precision.BFloat16, loaded.Precision);
        Assert.True(loaded.IsFrozen);
        Assert.Equal(Scores(narrow), Scores(loaded));
    }

    [Fact]
    public void Freeze_ToWhatCannotBe_IsRefused()
    {
        using Mlp mlp = New(), narrow = mlp.Freeze(Precision.BFloat16), again = narrow.Freeze();
        Assert.Equal(Scores(narrow), Scores(again));
        Assert.Contains("freeze the network that it was made from", Assert.Throws<InvalidOperationException>(() => narrow.Freeze(Precision.Float32)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => mlp.Freeze((Precision)9));
    }

    [Fact]
    public void TrainStep_OfBFloat16_IsRefused()
    {
        using Mlp mlp = New(), narrow = mlp.Freeze(Precision.BFloat16);
        Assert.Contains("The network is frozen", Assert.Throws<InvalidOperationException>(
            () => narrow.TrainStep(Batch.FromRows(X.AsSpan(0, 8 * Inputs), 8, new int[8]), Optimizer.Sgd(0.1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Initialize_OfBFloat16_RoundsTheInitialWeights()
    {
        using Mlp mlp = New(), narrow = mlp.Freeze(Precision.BFloat16), again = mlp.Freeze(Precision.BFloat16);
        again.Initialize(77);
        mlp.Initialize(77);
        using Mlp expected = mlp.Freeze(Precision.BFloat16);
        Assert.Equal(Scores(expected), Scores(again));
        Assert.NotEqual(Scores(narrow), Scores(again));
    }

    [Fact]
    public void Save_AsOnnx_OfBFloat16_IsThatOfTheRoundedWeights()
    {
        using var folder = new TemporaryFolder();
        using Mlp mlp = New(), narrow = mlp.Freeze(Precision.BFloat16), rounded = mlp.Freeze();
        for (int layer = 0; layer < mlp.Layers.Count; layer++)
        {
            float[] weights = new float[mlp.Layers[layer].LengthOf(LayerTensor.Weight)];
            narrow.ReadWeights(layer, weights);
            rounded.WriteWeights(layer, weights);
        }

        OnnxExport.Save(narrow, folder.File("narrow.onnx"));
        OnnxExport.Save(rounded, folder.File("rounded.onnx"));
        Assert.Equal(File.ReadAllBytes(folder.File("rounded.onnx")), File.ReadAllBytes(folder.File("narrow.onnx")));
    }

    [Theory]
    [InlineData("BFloat16", "its metadata say precision=BFloat16, but tensor 'layers.0.weight' has elements of type 'F32'; they must be BF16.")]
    [InlineData("Half", "one of Float32, BFloat16")]
    public void Load_OfAPrecisionThatIsNotThatOfTheWeights_IsRefused(string precision, string problem)
    {
        using var folder = new TemporaryFolder();
        using Mlp mlp = New();
        Checkpoint.Save(mlp, folder.File("wide"));
        SafeTensorsFile wide = SafeTensorsFile.Read(folder.File("wide"));
        new SafeTensorsFile(wide.Tensors, new Dictionary<string, string>(wide.Metadata) { ["precision"] = precision }).Write(folder.File("bad"));
        Assert.Contains(problem, Assert.Throws<DataFormatException>(() => Checkpoint.Load(folder.File("bad"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfABFloat16TensorWithTheBytesOfFloats_IsRefused()
    {
        using var folder = new TemporaryFolder();
        using Mlp mlp = New();
        Checkpoint.Save(mlp, folder.File("model"));
        byte[] content = File.ReadAllBytes(folder.File("model"));
        int place = content.AsSpan().IndexOf("\"F32\""u8);
        "\"BF16\""u8.CopyTo(content.AsSpan(place)); // over the comma
        ","u8.CopyTo(content.AsSpan(place + 6));
        File.WriteAllBytes(folder.File("model"), content);
        Assert.Throws<DataFormatException>(() => Checkpoint.Load(folder.File("model")));
    }

    [Fact]
    public void Freeze_OfATableModel_KeepsThePrecisionInItsFile()
    {
        using var folder = new TemporaryFolder();
        Table table = new([new NumberColumn("x", Enumerable.Range(0, 40).Select(row => row * 0.37).ToArray()), new NumberColumn("y", Enumerable.Range(0, 40).Select(row => row * row * 0.1).ToArray())]);
        TableSchema schema = new() { Features = [new("x", ColumnType.Number)], Labels = ["y"], Task = TableTask.Regression };
        using TableTrainingResult result = TableTrainer.Train(table, schema, new TableTrainingOptions { Epochs = 2, Hidden = [16], Networks = 2 },
            cancellationToken: TestContext.Current.CancellationToken);
        using TableModel narrow = result.Model.Freeze(Precision.BFloat16);
        narrow.Save(folder.File("narrow"));
        using TableModel loaded = TableModel.Load(folder.File("narrow"));
        Assert.All(loaded.Networks, network => Assert.Equal(Precision.BFloat16, network.Precision));
        Assert.Equal(narrow.Predict(table).Values.ToArray(), loaded.Predict(table).Values.ToArray());
        Assert.NotEqual(result.Model.Predict(table).Values.ToArray(), loaded.Predict(table).Values.ToArray());
        Assert.Contains("a model has one precision", Assert.Throws<ArgumentException>(
            () => new TableModel(narrow.Encoding, narrow.Labels, [narrow.Networks[0], result.Model.Networks[1]])).Message, StringComparison.Ordinal);
    }

    private static Mlp New() => new(new MlpOptions { Inputs = Inputs, Hidden = [40, 17], Outputs = Outputs, MaxBatch = 8, Seed = 3 });

    private static float[] Scores(Mlp mlp)
    {
        float[] scores = new float[Rows * Outputs];
        mlp.Predict(Batch.FromRows(X, Rows), scores);
        return scores;
    }

    // Of the two neighbours, the nearer; at the same distance, the even one.
    private static float Rounded(float value)
    {
        uint below = BitConverter.SingleToUInt32Bits(value) & 0xffff0000;
        float down = BitConverter.UInt32BitsToSingle(below), up = BitConverter.UInt32BitsToSingle(below + 0x10000);
        double toDown = Math.Abs((double)value - down), toUp = Math.Abs((double)up - value);
        return toDown < toUp || (toDown == toUp && (below >> 16) % 2 == 0) ? down : up;
    }
}
