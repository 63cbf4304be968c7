// SPDX-License-Identifier: MIT
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Storage;

/// <summary>Model files that an earlier version wrote: each loads, predicts and trains on with the bits of that version.</summary>
public sealed class ModelFilesOfV1Tests
{
    private const string Folder = "models-v1";

    public static TheoryData<string> Names() =>
        [.. Directory.EnumerateFiles(TestFiles.PathOf(Folder), "*.safetensors").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Folder_OfTheSamples_HasEachOptimizerAndActivationOfThatVersion()
    {
        string[] names = [.. Names().Select(row => row.Data)];
        Assert.Equal(31, names.Length);
        Assert.All(names, name => Assert.True(File.Exists(PathOf(name, ".json")), name));
        Assert.All(Enum.GetValues<OptimizerKind>().Where(kind => kind <= OptimizerKind.AdamW), kind => Assert.Contains("optimizer-" + kind.ToString().ToLowerInvariant(), names));
        Assert.All(Enum.GetValues<Activation>().Where(activation => activation <= Activation.Maxout), activation => Assert.Contains("activation-" + activation.ToString().ToLowerInvariant(), names));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_OfASample_PredictsItsBits(string name)
    {
        ModelSample expected = ModelSamples.Read(PathOf(name, ".json"));
        using LoadedCheckpoint loaded = Checkpoint.Load(PathOf(name, ".safetensors"));
        var batch = Batch.FromRows(expected.Features, expected.Rows);
        float[] scores = new float[expected.Scores.Length], probabilities = new float[expected.Probabilities.Length];
        loaded.Mlp.Predict(batch, scores);
        loaded.Mlp.Predict(batch, probabilities, PredictionKind.Probabilities);
        Assert.Equal(Bits(expected.Scores), Bits(scores));
        Assert.Equal(Bits(expected.Probabilities), Bits(probabilities));
        Assert.Equal(expected.Classes, loaded.Mlp.PredictClasses(batch));
        Assert.Equal(expected.WeightsSha256, Checkpoint.WeightsSha256(loaded.Mlp));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_OfASample_HasItsInfoAndProgress(string name)
    {
        ModelSample expected = ModelSamples.Read(PathOf(name, ".json"));
        using LoadedCheckpoint loaded = Checkpoint.Load(PathOf(name, ".safetensors"));
        Assert.Equal(Bits(expected.Mean), Bits(loaded.Info.Mean));
        Assert.Equal((expected.Scale, expected.DataSet, expected.Seed, expected.Epochs),
            (loaded.Info.Scale, loaded.Info.DataSet, loaded.Info.Seed, loaded.Info.Epochs));
        Assert.Equal((expected.Optimizer, expected.Steps), (loaded.Mlp.OptimizerState.Kind.ToString(), loaded.Mlp.OptimizerState.Steps));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TrainStep_OfALoadedSample_GoesOnWithItsBits(string name)
    {
        ModelSample expected = ModelSamples.Read(PathOf(name, ".json"));
        using LoadedCheckpoint loaded = Checkpoint.Load(PathOf(name, ".safetensors"));
        ContinuedSample continued = ModelSamples.Continue(
            loaded.Mlp, Batch.FromRows(expected.Features, expected.Rows, expected.Labels), expected.Continued.LearningRate);
        Assert.Equal(expected.Continued.Losses, continued.Losses);
        Assert.Equal(expected.Continued.WeightsSha256, continued.WeightsSha256);
    }

    private static string PathOf(string name, string extension) => TestFiles.PathOf(Folder, name + extension);

    private static int[] Bits(float[] values) => Array.ConvertAll(values, BitConverter.SingleToInt32Bits);
}
