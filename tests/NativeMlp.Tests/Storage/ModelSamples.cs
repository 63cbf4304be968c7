// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Storage;

/// <summary>
/// Wrote the sample files of <c>tests/data/models-v1</c>, at commit 8c12cc1. It is kept to make the set of a later format,
/// and runs only when it is asked for: <c>tests/data/README.md</c> says how.
/// </summary>
public sealed class ModelSamples
{
    private const string FolderVariable = "NATIVEMLP_MODEL_SAMPLES";
    private const int Inputs = 4;
    private const int Outputs = 3;
    private const int Rows = 6;
    private const int TrainedSteps = 5;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly MlpOptions Plain = new() { Inputs = Inputs, Hidden = [7, 5], Outputs = Outputs, MaxBatch = Rows, Seed = 11 };

    private static readonly (string Name, MlpOptions Network, OptimizerKind Optimizer, CheckpointInfo? Info)[] Variants =
    [
        .. Enum.GetValues<OptimizerKind>().Select(kind => ("optimizer-" + kind.ToString().ToLowerInvariant(), Plain, kind, (CheckpointInfo?)null)),
        .. Enum.GetValues<Activation>().Select(activation =>
            ("activation-" + activation.ToString().ToLowerInvariant(), Plain with { Activation = activation }, OptimizerKind.Sgd, (CheckpointInfo?)null)),
        ("linear", Plain with { Hidden = [] }, OptimizerKind.Sgd, null),
        ("batch-norm", Plain with { Norm = Norm.Batch, NormMomentum = 0.2, NormEpsilon = 1e-3 }, OptimizerKind.Adam, null),
        ("layer-norm", Plain with { Norm = Norm.Layer }, OptimizerKind.Momentum, null),
        ("batch-norm-maxout", Plain with { Norm = Norm.Batch, Activation = Activation.Maxout, Pieces = 3 }, OptimizerKind.Sgd, null),
        ("dropout", Plain with { Dropout = 0.4 }, OptimizerKind.Nesterov, null),
        ("class-weights", Plain with { ClassWeights = [0.5f, 1, 2.25f], LabelSmoothing = 0.1 }, OptimizerKind.Adam, null),
        ("binary-cross-entropy", Plain with { Loss = Loss.BinaryCrossEntropy, ClassWeights = [2, 1, 0.75f] }, OptimizerKind.RmsProp, null),
        ("mean-squared-error", Plain with { Loss = Loss.MeanSquaredError, OutputActivation = Activation.Sigmoid }, OptimizerKind.AdaGrad, null),
        ("huber", Plain with { Loss = Loss.Huber, LossDelta = 0.5 }, OptimizerKind.Sgd, null),
        ("hinge", Plain with { Loss = Loss.MulticlassHinge, LossDelta = 1.5 }, OptimizerKind.AdamW, null),
        ("layers", Plain with { Layers = LayersOfAllSorts }, OptimizerKind.Adam, null),
        ("normalization", Plain, OptimizerKind.Momentum,
            new CheckpointInfo { DataSet = "cifar10", Mean = [127.5f, 0.1f, -3, 1e-3f], Scale = 1f / 255, Seed = 18446744073709551615, Epochs = 12 }),
    ];

    private static LayerOptions[] LayersOfAllSorts =>
    [
        new() { Activation = Activation.LeakyRelu, ActivationAlpha = 0.2, Norm = Norm.Layer, Dropout = 0.25 },
        new() { Activation = Activation.Maxout, Pieces = 4, Norm = Norm.Batch },
        new() { Activation = Activation.Elu, ActivationAlpha = 0.5 },
    ];

    [Fact(Explicit = true)]
    public void Write()
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable) ?? throw new InvalidOperationException($"{FolderVariable} names no folder.");
        Directory.CreateDirectory(folder);
        foreach ((string name, MlpOptions network, OptimizerKind optimizer, CheckpointInfo? info) in Variants)
        {
            using Mlp mlp = Train(network, optimizer);
            Checkpoint.Save(mlp, Path.Combine(folder, name + ".safetensors"), info);
            File.WriteAllText(Path.Combine(folder, name + ".json"), JsonSerializer.Serialize(Observe(mlp, info ?? new CheckpointInfo()), Json) + "\n");
        }

        using Mlp untrained = Untrained();
        Checkpoint.Save(untrained, Path.Combine(folder, "biases.safetensors"));
        File.WriteAllText(Path.Combine(folder, "biases.json"), JsonSerializer.Serialize(Observe(untrained, new CheckpointInfo()), Json) + "\n");
    }

    private static Mlp Train(MlpOptions network, OptimizerKind optimizer)
    {
        var mlp = new Mlp(network);
        for (int step = 0; step < TrainedSteps; step++)
        {
            mlp.TrainStep(Batch.FromRows(TestData.Normal(20 + (ulong)step, Rows * Inputs), Rows, TestData.Labels(Rows, Outputs)),
                new Optimizer { Kind = optimizer, LearningRate = 0.05 });
        }

        return mlp;
    }

    /// <summary>No step, so no moments; biases that are not 0.</summary>
    private static Mlp Untrained()
    {
        var mlp = new Mlp(Plain);
        for (int layer = 0; layer < mlp.Layers.Count; layer++)
            mlp.WriteBiases(layer, TestData.Normal(30 + (ulong)layer, mlp.Layers[layer].Width));

        return mlp;
    }

    private static ModelSample Observe(Mlp mlp, CheckpointInfo info)
    {
        float[] features = TestData.Normal(40, Rows * Inputs);
        int[] labels = TestData.Labels(Rows, Outputs);
        var batch = Batch.FromRows(features, Rows, labels);
        float[] scores = new float[Rows * Outputs], probabilities = new float[Rows * Outputs];
        mlp.Predict(batch, scores);
        mlp.Predict(batch, probabilities, PredictionKind.Probabilities);
        int[] classes = mlp.PredictClasses(batch);
        string weights = Checkpoint.WeightsSha256(mlp);
        OptimizerState progress = mlp.OptimizerState;
        return new ModelSample(Rows, features, labels, scores, probabilities, classes, weights,
            info.Mean, info.Scale, info.DataSet, info.Seed, info.Epochs, progress.Kind.ToString(), progress.Steps, Continue(mlp, batch, 0.02));
    }

    /// <summary>Two more steps, from what the model has.</summary>
    internal static ContinuedSample Continue(Mlp mlp, in Batch batch, double learningRate)
    {
        var optimizer = new Optimizer { Kind = mlp.OptimizerState.Kind, LearningRate = learningRate };
        double[] losses = [mlp.TrainStep(batch, optimizer).Loss, mlp.TrainStep(batch, optimizer).Loss];
        return new ContinuedSample(learningRate, losses, Checkpoint.WeightsSha256(mlp));
    }

    internal static ModelSample Read(string path) => JsonSerializer.Deserialize<ModelSample>(File.ReadAllBytes(path), Json)!;
}

/// <summary>What must come of a sample file; <c>tests/data/README.md</c> describes its members.</summary>
internal sealed record ModelSample(
    int Rows, float[] Features, int[] Labels, float[] Scores, float[] Probabilities, int[] Classes, string WeightsSha256,
    float[] Mean, float Scale, string DataSet, ulong Seed, int Epochs, string Optimizer, ulong Steps, ContinuedSample Continued);

/// <summary>What two more steps of training must give.</summary>
internal sealed record ContinuedSample(double LearningRate, double[] Losses, string WeightsSha256);
