// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeMlp.Data;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Storage;

/// <summary>A checkpoint is all of a model, and nothing but a whole one is accepted.</summary>
public sealed class ModelFileTests
{
    private static readonly CheckpointInfo Info = new()
    {
        DataSet = "some data",
        Mean = [1.5f, -2, 3e-20f],
        Scale = 1f / 255,
        Seed = ulong.MaxValue,
        Epochs = 7,
    };

    [Fact]
    public void Load_OfASavedModel_GivesAllOfIt()
    {
        using var folder = new TemporaryFolder();
        using Mlp mlp = Make(OptimizerKind.Adam);
        Checkpoint.Save(mlp, folder.File("model"), Info);
        using LoadedCheckpoint loaded = Checkpoint.Load(folder.File("model"));
        Assert.Equal(TestData.Parameters(mlp), TestData.Parameters(loaded.Mlp));
        Assert.Equal(mlp.OptimizerState, loaded.Mlp.OptimizerState);
        Assert.Equal([3, 6, 5, 2], [loaded.Mlp.Inputs, .. loaded.Mlp.Options.Hidden, loaded.Mlp.Outputs]);
        Assert.Equal(Info.Mean, loaded.Info.Mean);
        Assert.Equal(Info with { Mean = [] }, loaded.Info with { Mean = [] });
        foreach (TensorKind kind in new[] { TensorKind.FirstMoment, TensorKind.SecondMoment })
            Assert.Equal(Read(mlp, kind), Read(loaded.Mlp, kind));
    }

    [Fact]
    public void Load_WithABatchAndThreads_TakesThem()
    {
        using var folder = new TemporaryFolder();
        using Mlp mlp = Make(OptimizerKind.Sgd);
        Checkpoint.Save(mlp, folder.File("model"));
        using LoadedCheckpoint loaded = Checkpoint.Load(folder.File("model"), maxBatch: 77, threads: 1);
        Assert.Equal((77, 1), (loaded.Mlp.Options.MaxBatch, loaded.Mlp.Options.Threads));
    }

    [Fact]
    public void Save_OverAnOlderFile_ReplacesItWhole()
    {
        using var folder = new TemporaryFolder();
        using Mlp one = Make(OptimizerKind.Adam), other = new(new MlpOptions { Inputs = 3, Outputs = 2 });
        Checkpoint.Save(one, folder.File("model"));
        Checkpoint.Save(other, folder.File("model"));
        using LoadedCheckpoint loaded = Checkpoint.Load(folder.File("model"));
        Assert.Empty(loaded.Mlp.Options.Hidden);
        Assert.Equal([folder.File("model")], Directory.EnumerateFiles(folder.Path));
        Assert.ThrowsAny<IOException>(() => Checkpoint.Save(one, folder.File("no/such/folder/model")));
    }

    [Fact]
    public void WeightsSha256_OfAModel_IsTheHashOfItsFloats()
    {
        using Mlp mlp = Make(OptimizerKind.Momentum);
        string expected = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(TestData.Parameters(mlp))));
        Assert.Equal(expected, Checkpoint.WeightsSha256(mlp));
    }

    [Fact]
    public void WeightsSha256_OfSeveralModels_IsTheHashOfTheFloatsOfAll()
    {
        using Mlp first = Make(OptimizerKind.Momentum), second = new(new MlpOptions { Inputs = 3, Outputs = 2 });
        second.Initialize(seed: 7);
        float[] all = [.. TestData.Parameters(first), .. TestData.Parameters(second)];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(all))), Checkpoint.WeightsSha256([first, second]));
    }

    [Fact]
    public void LoadWeights_OfEachLayout_TurnsTheOneThatIsTurned()
    {
        using var folder = new TemporaryFolder();
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2 }); // square: nothing but the layout tells
        var tensors = new Dictionary<string, SafeTensor>
        {
            ["layers.0.weight"] = SafeTensor.FromFloats([1, 2, 3, 4], 2, 2),
            ["layers.0.bias"] = SafeTensor.FromFloats([5, 6], 2),
        };
        new SafeTensorsFile(tensors).Write(folder.File("silent"));
        Checkpoint.LoadWeights(mlp, folder.File("silent"), WeightLayout.InputsByOutputs);
        Assert.Equal([1, 2, 3, 4, 5, 6], TestData.Parameters(mlp));
        Checkpoint.LoadWeights(mlp, folder.File("silent"), WeightLayout.OutputsByInputs);
        Assert.Equal([1, 3, 2, 4, 5, 6], TestData.Parameters(mlp));
        DataFormatException e = Assert.Throws<DataFormatException>(() => Checkpoint.LoadWeights(mlp, folder.File("silent")));
        Assert.Contains("layout", e.Message, StringComparison.Ordinal);
        new SafeTensorsFile(tensors, new Dictionary<string, string> { ["layout"] = "in,out" }).Write(folder.File("says"));
        Checkpoint.LoadWeights(mlp, folder.File("says"));
        Assert.Equal([1, 2, 3, 4, 5, 6], TestData.Parameters(mlp));
    }

    /// <summary>All that a network may be made of comes back, and training goes on with the same bits.</summary>
    [Fact]
    public void SaveAndLoad_OfEverything_GoesOnWithTheSameBits()
    {
        using var folder = new TemporaryFolder();
        using var mlp = new Mlp(new MlpOptions
        {
            Inputs = 4,
            Hidden = [7, 6, 5, 4],
            Outputs = 3,
            MaxBatch = 8,
            Seed = 99,
            NormEpsilon = 1e-4,
            NormMomentum = 0.25,
            Loss = Loss.SoftmaxCrossEntropy,
            LabelSmoothing = 0.1,
            LossDelta = 0.5,
            ClassWeights = [1, 2, 0.5f],
            Layers =
            [
                new LayerOptions { Activation = Activation.Elu, ActivationAlpha = 0.7, Norm = Norm.Batch, Dropout = 0.2 },
                new LayerOptions { Activation = Activation.Gelu, Norm = Norm.Layer },
                new LayerOptions { Activation = Activation.LeakyRelu, ActivationAlpha = 0.2, Dropout = 0.1 },
                new LayerOptions { Activation = Activation.Maxout, Pieces = 3, Norm = Norm.Batch, Dropout = 0.1 },
                new LayerOptions { Activation = Activation.Identity },
            ],
        });
        float[] x = TestData.Normal(4, 8 * 4);
        int[] labels = TestData.Labels(8, 3);
        Optimizer optimizer = Optimizer.RmsProp(1e-2, momentum: 0.5);
        for (int step = 0; step < 5; step++) mlp.TrainStep(Batch.FromRows(x, 8, labels), optimizer);
        Checkpoint.Save(mlp, folder.File("all"));
        using LoadedCheckpoint loaded = Checkpoint.Load(folder.File("all"));
        Assert.Equal(Checkpoint.WeightsSha256(mlp), Checkpoint.WeightsSha256(loaded.Mlp));
        Assert.Equal(mlp.Layers.Select(layer => layer.Pieces), loaded.Mlp.Layers.Select(layer => layer.Pieces));
        Assert.Equal(mlp.Evaluate(Batch.FromRows(x, 8, labels)), loaded.Mlp.Evaluate(Batch.FromRows(x, 8, labels)));
        for (int step = 0; step < 5; step++)
            Assert.Equal(mlp.TrainStep(Batch.FromRows(x, 8, labels), optimizer), loaded.Mlp.TrainStep(Batch.FromRows(x, 8, labels), optimizer));
        Assert.Equal(Checkpoint.WeightsSha256(mlp), Checkpoint.WeightsSha256(loaded.Mlp));
    }

    /// <summary>A file of the first version names one activation for all hidden layers.</summary>
    [Fact]
    public void Load_OfTheFirstVersion_IsAsItWas()
    {
        using var folder = new TemporaryFolder();
        SafeTensorsFile good = Saved(folder);
        var metadata = good.Metadata.ToDictionary();
        foreach (string later in new[] { "activations", "alphas", "norms", "norm_epsilon", "norm_momentum", "pieces", "dropouts", "dropout_seed", "label_smoothing", "loss_delta" })
            Assert.True(metadata.Remove(later));
        metadata["version"] = "1";
        metadata["activation"] = "Relu";
        new SafeTensorsFile(good.Tensors, metadata).Write(folder.File("first"));
        using LoadedCheckpoint loaded = Checkpoint.Load(folder.File("first"));
        Assert.Equal(Activation.Relu, loaded.Mlp.Layers[0].Activation);
        Assert.Equal(Activation.Identity, loaded.Mlp.Layers[^1].Activation);
    }

    /// <summary>Before there was maxout no file said how many pieces a layer has: each had one.</summary>
    [Fact]
    public void Load_WithoutPieces_TakesOneForEachLayer()
    {
        using var folder = new TemporaryFolder();
        SafeTensorsFile good = Saved(folder);
        var metadata = good.Metadata.ToDictionary();
        Assert.Equal("1,1,1", metadata["pieces"]);
        metadata.Remove("pieces");
        new SafeTensorsFile(good.Tensors, metadata).Write(folder.File("older"));
        using LoadedCheckpoint loaded = Checkpoint.Load(folder.File("older"));
        Assert.All(loaded.Mlp.Layers, layer => Assert.Equal(1, layer.Pieces));
        metadata["activations"] = "Maxout,Relu,Identity";
        new SafeTensorsFile(good.Tensors, metadata).Write(folder.File("bad"));
        DataFormatException e = Assert.Throws<DataFormatException>(() => Checkpoint.Load(folder.File("bad")));
        Assert.Contains("pieces", e.Message, StringComparison.Ordinal);
    }

    /// <summary>65537 pieces of 65537 outputs are more than an int counts, and 131073 where it goes round.</summary>
    [Theory]
    [InlineData("65537")]
    [InlineData("2")]
    public void Load_OfPiecesThatDoNotFit_NamesTheFile(string pieces)
    {
        using var folder = new TemporaryFolder();
        using var mlp = new Mlp(new MlpOptions { Inputs = 1, Outputs = 131073, MaxBatch = 1, Initialization = Initialization.Zeros });
        Checkpoint.Save(mlp, folder.File("good"));
        SafeTensorsFile good = SafeTensorsFile.Read(folder.File("good"));
        var metadata = good.Metadata.ToDictionary();
        (metadata["activations"], metadata["pieces"], metadata["outputs"]) = ("Maxout", pieces, "65537");
        new SafeTensorsFile(good.Tensors, metadata).Write(folder.File("bad"));
        DataFormatException e = Assert.Throws<DataFormatException>(() => Checkpoint.Load(folder.File("bad")));
        Assert.StartsWith(folder.File("bad") + ": ", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Metadata that a damaged or hostile file may have, as name=value.</summary>
    public static TheoryData<string, string> BadMetadata() => new()
    {
        { "inputs", "0" }, { "inputs", "-3" }, { "inputs", "3000000000" }, { "inputs", "three" }, { "outputs", "3" }, { "hidden", "6" },
        { "hidden", "6,,5" }, { "hidden", "6,5,5" }, { "hidden", string.Join(',', Enumerable.Repeat("6", 20000)) }, { "activations", "7,Identity,Identity" },
        { "loss", "" }, { "max_batch", "0" }, { "max_batch", "99999999999" }, { "scale", "1e99" }, { "seed", "-1" }, { "epochs", "1.5" },
        { "optimizer", "Momentum, Adam" }, { "steps", "-1" }, { "steps", "1e3" }, { "beta1_power", "NaN" }, { "beta2_power", "" },
        { "activations", "Relu" }, { "alphas", "0.01,-1,0" }, { "norms", "None,None,Group" }, { "dropouts", "0,1,0" }, { "norm_epsilon", "0" },
        { "norm_momentum", "2" }, { "label_smoothing", "NaN" }, { "loss_delta", "0" }, { "dropout_seed", "-1" }, { "max_batch", "2000000000" },
        { "pieces", "1,1" }, { "pieces", "1,2,1" }, { "pieces", "1,0,1" }, { "pieces", "1,x,1" }, { "activations", "Maxout,Relu,Identity" },
    };

    [Theory]
    [MemberData(nameof(BadMetadata))]
    public void Load_OfBadMetadata_NamesTheFile(string name, string value)
    {
        using var folder = new TemporaryFolder();
        SafeTensorsFile good = Saved(folder);
        var metadata = good.Metadata.ToDictionary();
        metadata[name] = value;
        new SafeTensorsFile(good.Tensors, metadata).Write(folder.File("bad"));
        DataFormatException e = Assert.Throws<DataFormatException>(() => Checkpoint.Load(folder.File("bad")));
        Assert.StartsWith(folder.File("bad") + ": ", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Moments that are missing, not finite, or of another shape: training could not go on from them.</summary>
    [Theory]
    [InlineData("optimizer.first.layers.1.weight")]
    [InlineData("optimizer.second.layers.0.bias")]
    public void Load_OfBadMoments_NamesTheTensor(string name)
    {
        using var folder = new TemporaryFolder();
        SafeTensorsFile good = Saved(folder);
        float[] values = good.Tensors[name].GetFloats();
        values[^1] = float.NaN;
        foreach (SafeTensor? bad in new[] { null, SafeTensor.FromFloats(values, [.. good.Tensors[name].Shape]), SafeTensor.FromFloats(values, values.Length, 1) })
        {
            var tensors = good.Tensors.ToDictionary();
            tensors.Remove(name);
            if (bad is not null)
                tensors[name] = bad;

            new SafeTensorsFile(tensors, good.Metadata).Write(folder.File("bad"));
            DataFormatException e = Assert.Throws<DataFormatException>(() => Checkpoint.Load(folder.File("bad")));
            Assert.Contains(name, e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void LoadWeights_ThatFails_LeavesTheNetworkAsItWas()
    {
        using var folder = new TemporaryFolder();
        SafeTensorsFile good = Saved(folder);
        var tensors = good.Tensors.ToDictionary();
        tensors.Remove("layers.2.bias");
        new SafeTensorsFile(tensors, good.Metadata).Write(folder.File("bad"));
        using Mlp mlp = Make(OptimizerKind.Sgd);
        float[] before = TestData.Parameters(mlp);
        Assert.Throws<DataFormatException>(() => Checkpoint.LoadWeights(mlp, folder.File("bad")));
        Assert.Equal(before, TestData.Parameters(mlp));
        Assert.Throws<FileNotFoundException>(() => Checkpoint.LoadWeights(mlp, folder.File("absent")));
        Assert.Throws<FileNotFoundException>(() => Checkpoint.Load(folder.File("absent")));
    }

    private static SafeTensorsFile Saved(TemporaryFolder folder)
    {
        using Mlp mlp = Make(OptimizerKind.Adam);
        Checkpoint.Save(mlp, folder.File("good"), Info);
        return SafeTensorsFile.Read(folder.File("good"));
    }

    private static Mlp Make(OptimizerKind kind)
    {
        var mlp = new Mlp(new MlpOptions { Inputs = 3, Hidden = [6, 5], Outputs = 2, MaxBatch = 8 });
        for (int step = 0; step < 3; step++)
        {
            mlp.TrainStep(Batch.FromRows(TestData.Normal(1, 24), 8, TestData.Labels(8, 2)), new Optimizer { Kind = kind, LearningRate = 0.01 });
        }

        return mlp;
    }

    private static float[] Read(Mlp mlp, TensorKind kind)
    {
        float[] values = new float[18];
        mlp.Read(kind, 0, LayerTensor.Weight, values);
        Assert.Contains(values, value => value != 0);
        return values;
    }
}
