// SPDX-License-Identifier: MIT
using NativeMlp.Reference;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests;

public sealed class MlpTests
{
    private const int Rows = 23;
    private const int Inputs = 37;
    private const int Outputs = 5;

    private static readonly Dictionary<string, Action> BadUses = new()
    {
        ["Inputs"] = () => _ = Make(options => options with { Inputs = 0 }),
        ["Outputs"] = () => _ = Make(options => options with { Outputs = -1 }),
        ["Hidden"] = () => _ = Make(options => options with { Hidden = [8, 0] }),
        ["Pieces"] = () => _ = Make(options => options with { Activation = Activation.Maxout, Pieces = 1 }),
        ["Pieces, too many"] = () => _ = Make(options => options with { Activation = Activation.Maxout, Pieces = int.MaxValue }),
        ["MaxBatch"] = () => _ = Make(options => options with { MaxBatch = 0 }),
        ["Threads"] = () => _ = Make(options => options with { Threads = -1 }),
        ["LearningRate NaN"] = () => (Optimizer.Sgd(0.1) with { LearningRate = double.NaN }).Validate(),
        ["LearningRate"] = () => (Optimizer.Sgd(0.1) with { LearningRate = -1 }).Validate(),
        ["L2"] = () => (Optimizer.Sgd(0.1) with { L2 = double.PositiveInfinity }).Validate(),
        ["Momentum"] = () => (Optimizer.SgdMomentum(0.1) with { Momentum = 1 }).Validate(),
        ["Beta2"] = () => (Optimizer.Adam() with { Beta2 = 1.5 }).Validate(),
        ["Epsilon"] = () => (Optimizer.Adam() with { Epsilon = 0 }).Validate(),
    };

    public static TheoryData<string> BadOptions() => [.. BadUses.Keys];

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Options_OutOfRange_AreRefusedInOneSentence(string option)
    {
        ArgumentException e = Assert.ThrowsAny<ArgumentException>(BadUses[option]);
        Assert.Contains(option.Split(' ', ',')[0], e.Message, StringComparison.Ordinal);
        Assert.Contains(" is ", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void ComputeGradients_OfADeepNetwork_MatchTheReference()
    {
        using Mlp mlp = Make(options => options with { Hidden = [19, 33, 8] });
        (float[] x, int[] labels) = Data();
        Assert.All(GradientCheck.Native(mlp, x, labels, l2: 0.01), row => Assert.True(row.Error < 1e-5, row.ToString()));
    }

    [Fact]
    public void TrainStep_Repeated_LowersTheLoss()
    {
        using Mlp mlp = Make();
        (float[] x, int[] labels) = Data();
        double first = mlp.TrainStep(Batch.FromRows(x, Rows, labels), Optimizer.Adam(1e-2)).Loss;
        double last = 0;
        for (int step = 0; step < 200; step++)
            last = mlp.TrainStep(Batch.FromRows(x, Rows, labels), Optimizer.Adam(1e-2)).Loss;

        Assert.True(last < 0.05 * first, $"{first} to {last}");
    }

    [Fact]
    public void TrainStep_OfAnyFeatures_AllocatesNothing()
    {
        using Mlp mlp = Make();
        (float[] x, int[] labels) = Data();
        byte[] bytes = Array.ConvertAll(x, value => (byte)(Math.Abs(value) * 50));
        int[] indices = [3, 1, 4, 1, 5];
        float[] mean = new float[Inputs];
        Optimizer optimizer = Optimizer.Adam();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int step = 0; step < 200; step++)
            {
                mlp.TrainStep(Batch.FromRows(x, Rows, labels), optimizer);
                mlp.TrainStep(Batch.FromRows(bytes, Rows, labels) with { Indices = indices, Mean = mean, Scale = 0.02f }, optimizer);
            }
        }));
    }

    [Fact]
    public void TrainStep_WithIndices_IsTheStepOnThoseRows()
    {
        (float[] x, int[] labels) = Data();
        int[] indices = [.. Enumerable.Range(0, Rows).Reverse()];
        float[] gathered = [.. indices.SelectMany(i => x.Skip(i * Inputs).Take(Inputs))];
        int[] gatheredLabels = [.. indices.Select(i => labels[i])];
        using Mlp one = Make();
        using Mlp other = Make();
        for (int step = 0; step < 20; step++)
        {
            StepResult a = one.TrainStep(Batch.FromRows(x, Rows, labels) with { Indices = indices }, Optimizer.SgdMomentum(0.05));
            StepResult b = other.TrainStep(Batch.FromRows(gathered, Rows, gatheredLabels), Optimizer.SgdMomentum(0.05));
            Assert.Equal(a, b);
        }

        Assert.Equal(Weights(one), Weights(other));
    }

    [Fact]
    public void TrainStep_OnBytes_IsTheStepOnTheirNormalisedValues()
    {
        byte[] bytes = [.. Enumerable.Range(0, Rows * Inputs).Select(i => (byte)(i * 31))];
        int[] labels = Data().Labels;
        float[] mean = [.. Enumerable.Range(0, Inputs).Select(i => (float)i)];
        float[] floats = [.. bytes.Select((value, i) => (value - mean[i % Inputs]) * (1f / 255))];
        using Mlp one = Make();
        using Mlp other = Make();
        one.TrainStep(Batch.FromRows(bytes, Rows, labels) with { Mean = mean, Scale = 1f / 255 }, Optimizer.Sgd(0.1));
        other.TrainStep(Batch.FromRows(floats, Rows, labels), Optimizer.Sgd(0.1));
        Assert.Equal(Weights(one), Weights(other));
    }

    [Fact]
    public void Batch_ThatDoesNotFit_IsRefusedWithBothNumbers()
    {
        using Mlp mlp = Make();
        (float[] x, int[] labels) = Data();
        Assert.Contains("24", Assert.ThrowsAny<ArgumentException>(
            () => mlp.TrainStep(Batch.FromRows(new float[24 * Inputs], 24, new int[24]), Optimizer.Sgd(0.1))).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => mlp.TrainStep(Batch.FromRows(x, Rows + 1, labels), Optimizer.Sgd(0.1)));
        Assert.ThrowsAny<ArgumentException>(() => mlp.TrainStep(Batch.FromRows(x, Rows, labels.AsSpan(1)), Optimizer.Sgd(0.1)));
        Assert.ThrowsAny<ArgumentException>(() => mlp.TrainStep(Batch.FromRows(x, Rows), Optimizer.Sgd(0.1)));
        Assert.ThrowsAny<ArgumentException>(() => mlp.TrainStep(Batch.FromRows(x, Rows, labels) with { Indices = new[] { Rows } }, Optimizer.Sgd(0.1)));
        Assert.ThrowsAny<ArgumentException>(() => mlp.TrainStep(Batch.FromRows(x, Rows, labels) with { Mean = new float[3] }, Optimizer.Sgd(0.1)));
        labels[4] = Outputs;
        Assert.ThrowsAny<ArgumentException>(() => mlp.TrainStep(Batch.FromRows(x, Rows, labels), Optimizer.Sgd(0.1)));
        Assert.ThrowsAny<ArgumentException>(() => mlp.Predict(Batch.FromRows(x, Rows), new float[(Rows * Outputs) - 1]));
    }

    [Fact]
    public void Evaluate_OnRows_AgreesWithPrediction()
    {
        using Mlp mlp = Make();
        (float[] x, int[] labels) = Data();
        float[] probabilities = new float[Rows * Outputs];
        mlp.Predict(Batch.FromRows(x, Rows), probabilities, PredictionKind.Probabilities);
        int[] classes = mlp.PredictClasses(Batch.FromRows(x, Rows));
        StepResult result = mlp.Evaluate(Batch.FromRows(x, Rows, labels));
        Assert.Equal(labels.Zip(classes).Count(pair => pair.First == pair.Second), result.Correct);
        double loss = labels.Select((label, i) => -Math.Log(probabilities[(i * Outputs) + label])).Average();
        Assert.Equal(loss, result.Loss, 1e-5);
    }

    [Fact]
    public void Predict_FromManyThreads_IsTheSameForAll()
    {
        using Mlp mlp = Make(options => options with { Hidden = [64, 64] });
        float[] x = new float[1000 * Inputs];
        Kernels.RandomNormal(3, 0, x);
        float[] expected = new float[1000 * Outputs];
        mlp.Predict(Batch.FromRows(x, 1000), expected);
        Parallel.For(0, 32, i =>
        {
            float[] scores = new float[1000 * Outputs];
            mlp.Predict(Batch.FromRows(x, 1000), scores, threads: 1 + (i % 3));
            Assert.Equal(expected, scores);
        });
    }

    [Fact]
    public void Tensors_WrittenAndRead_AreTheSame()
    {
        using Mlp mlp = Make();
        float[] weights = new float[Inputs * 11];
        Kernels.RandomNormal(5, 0, weights);
        foreach (TensorKind kind in new[] { TensorKind.Parameter, TensorKind.FirstMoment, TensorKind.SecondMoment })
        {
            float[] read = new float[weights.Length];
            mlp.Write(kind, 0, LayerTensor.Weight, weights);
            mlp.Read(kind, 0, LayerTensor.Weight, read);
            Assert.Equal(weights, read);
        }

        Assert.ThrowsAny<ArgumentException>(() => mlp.WriteBiases(0, new float[3]));
        Assert.ThrowsAny<ArgumentException>(() => mlp.ReadWeights(2, weights));
    }

    [Fact]
    public void Use_AfterDispose_Throws()
    {
        Mlp mlp = Make();
        mlp.Dispose();
        mlp.Dispose();
        Assert.Throws<ObjectDisposedException>(() => mlp.TrainStep(Batch.FromRows(Data().X, Rows, Data().Labels), Optimizer.Sgd(0.1)));
    }

    [Fact]
    public void Seed_OfTheOptions_DecidesTheFirstWeights()
    {
        using Mlp one = Make();
        using Mlp same = Make();
        using Mlp other = Make(options => options with { Seed = 2 });
        Assert.Equal(Weights(one), Weights(same));
        Assert.NotEqual(Weights(one), Weights(other));
    }

    private static Mlp Make(Func<MlpOptions, MlpOptions>? change = null)
    {
        var options = new MlpOptions { Inputs = Inputs, Hidden = [11], Outputs = Outputs, MaxBatch = Rows };
        return new Mlp(change is null ? options : change(options));
    }

    private static (float[] X, int[] Labels) Data()
    {
        float[] x = new float[Rows * Inputs];
        Kernels.RandomNormal(9, 0, x);
        return (x, [.. Enumerable.Range(0, Rows).Select(i => i * 7 % Outputs)]);
    }

    private static float[] Weights(Mlp mlp)
    {
        float[] weights = new float[Inputs * 11];
        mlp.ReadWeights(0, weights);
        return weights;
    }
}
