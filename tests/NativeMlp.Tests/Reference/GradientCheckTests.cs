// SPDX-License-Identifier: MIT
using NativeMlp.Reference;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Reference;

/// <summary>
/// Every activation with every norm and loss, with dropout and without: the reference's gradients against differences of its
/// loss, and the native ones against the reference's.
/// </summary>
public sealed class GradientCheckTests
{
    private const int Rows = 9;
    private const int Inputs = 6;
    private const int Outputs = 4;

    /// <summary>All of them.</summary>
    public static TheoryData<Activation, Norm, Loss, double> Everything()
    {
        var all = new TheoryData<Activation, Norm, Loss, double>();
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            foreach (Norm norm in Enum.GetValues<Norm>())
            {
                foreach (Loss loss in Enum.GetValues<Loss>())
                    all.Add(activation, norm, loss, ((int)activation + (int)norm + (int)loss) % 2 == 0 ? 0 : 0.3);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Gradients_OfAnyNetwork_AreTrue(Activation activation, Norm norm, Loss loss, double dropout)
    {
        using var mlp = new Mlp(new MlpOptions
        {
            Inputs = Inputs,
            Hidden = [8, 7],
            Outputs = Outputs,
            Activation = activation,
            ActivationAlpha = 0.3,
            Pieces = 3,
            Norm = norm,
            Dropout = dropout,
            Loss = loss,
            LossDelta = 0.6,
            ClassWeights = loss is Loss.SoftmaxCrossEntropy or Loss.BinaryCrossEntropy ? [1, 0.5f, 2, 1.5f] : [],
            LabelSmoothing = dropout / 2,
            MaxBatch = Rows,
            Seed = 5,
        });
        Disturb(mlp);
        float[] x = TestData.Normal(31, Rows * Inputs);
        ReferenceTargets targets = Targets(loss);
        const double l2 = 0.02;

        IReadOnlyList<GradientCheckRow> native = GradientCheck.Native(mlp, x, targets, l2);
        Assert.All(native, row => Assert.True(row.Error < 1e-5 && row.Compared > 0, row.ToString()));
        IReadOnlyList<GradientCheckRow> numeric = GradientCheck.Numeric(
            ReferenceNetwork.FromMlp(mlp), GradientCheck.ToDoubles(x, Rows), targets, l2, GradientCheck.Masks(mlp, Rows));
        Assert.All(numeric, row => Assert.True(row.Error < 1e-8, row.ToString()));
        Assert.True(numeric.Sum(row => row.Compared) > numeric.Sum(row => row.Kinks));
        Assert.Equal(numeric.Select(row => row.Tensor), native.Select(row => row.Tensor));
    }

    /// <summary>Scores may be the greatest of pieces themselves.</summary>
    [Theory]
    [InlineData(Norm.None)]
    [InlineData(Norm.Batch)]
    [InlineData(Norm.Layer)]
    public void Gradients_OfAMaxoutInTheEnd_AreTrue(Norm norm)
    {
        LayerOptions maxout = new() { Activation = Activation.Maxout, Pieces = 2, Norm = norm, Dropout = 0.2 };
        using var mlp = new Mlp(new MlpOptions
        {
            Inputs = Inputs,
            Hidden = [5],
            Outputs = Outputs,
            Layers = [maxout with { Pieces = 4 }, maxout],
            MaxBatch = Rows,
        });
        Disturb(mlp);
        float[] x = TestData.Normal(33, Rows * Inputs);
        ReferenceTargets targets = Targets(Loss.SoftmaxCrossEntropy);
        Assert.All(GradientCheck.Native(mlp, x, targets), row => Assert.True(row.Error < 1e-5, row.ToString()));
        Assert.All(
            GradientCheck.Numeric(ReferenceNetwork.FromMlp(mlp), GradientCheck.ToDoubles(x, Rows), targets, masks: GradientCheck.Masks(mlp, Rows)),
            row => Assert.True(row.Error < 1e-8 && row.Compared > row.Kinks, row.ToString()));
    }

    /// <summary>A single element that is wrong by a millionth of itself is found, in each tensor.</summary>
    [Theory]
    [InlineData(Loss.MeanSquaredError)]
    [InlineData(Loss.SoftmaxCrossEntropy)]
    public void Numeric_OfAWrongGradient_SaysSo(Loss loss)
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = Inputs, Hidden = [5], Outputs = Outputs, Activation = Activation.Tanh, Loss = loss, MaxBatch = Rows });
        Disturb(mlp);
        ReferenceNetwork network = ReferenceNetwork.FromMlp(mlp);
        double[,] x = GradientCheck.ToDoubles(TestData.Normal(35, Rows * Inputs), Rows);
        ReferenceTargets targets = Targets(loss);
        ReferenceGradient[] gradients = network.Gradients(x, targets).Layers;
        Assert.All(GradientCheck.CompareWithDifferences(network, x, targets, gradients), row => Assert.True(row.Error < 1e-8, row.ToString()));
        for (int layer = 0; layer < gradients.Length; layer++)
        {
            foreach (LayerTensor tensor in new[] { LayerTensor.Weight, LayerTensor.Bias })
            {
                Span<double> values = ReferenceNetwork.Tensor(gradients[layer], tensor);
                int greatest = Enumerable.Range(0, values.Length).MaxBy(i => Math.Abs(ReferenceNetwork.Tensor(gradients[layer], tensor)[i]));
                double right = values[greatest];
                values[greatest] *= 1 + 1e-6;
                IReadOnlyList<GradientCheckRow> rows = GradientCheck.CompareWithDifferences(network, x, targets, gradients);
                Assert.Equal((2 * layer) + (tensor == LayerTensor.Weight ? 0 : 1), Assert.Single(Enumerable.Range(0, rows.Count), i => rows[i].Error > 1e-8));
                values[greatest] = right;
            }
        }
    }

    /// <summary>Right gradients are never called wrong by chance, nor for a loss so large that its rounding is larger than any fixed limit.</summary>
    [Theory]
    [InlineData(1500, Loss.SoftmaxCrossEntropy, 1)]
    [InlineData(100, Loss.MulticlassHinge, 1e6)]
    [InlineData(100, Loss.Huber, 1e9)]
    public void Gradients_OfManySeeds_AreAllTrue(int seeds, Loss loss, double delta)
    {
        int[] labels = [0, 1, 2, 2, 1];
        for (ulong seed = 1; seed <= (ulong)seeds; seed++)
        {
            using var mlp = new Mlp(new MlpOptions { Inputs = 4, Hidden = [10], Outputs = 3, Loss = loss, LossDelta = delta, MaxBatch = 5, Seed = seed, Threads = 1 });
            float[] x = TestData.Normal(seed, 5 * 4);
            ReferenceTargets targets = loss.TakesTargets() ? new ReferenceTargets([], GradientCheck.ToDoubles(TestData.Normal(seed + 1, 5 * 3), 5)) : labels;
            GradientCheckRow worst = GradientCheck.Numeric(ReferenceNetwork.FromMlp(mlp), GradientCheck.ToDoubles(x, 5), targets, 0.05).MaxBy(row => row.Error)!;
            Assert.True(worst.Error < 1e-8, $"seed {seed}: {worst}");
            GradientCheckRow native = GradientCheck.Native(mlp, x, targets, 0.05).MaxBy(row => row.Error)!;
            Assert.True(native.Error < 1e-5, $"seed {seed}: {native}");
        }
    }

    /// <summary>Where nothing can be compared, it is counted as left out and not as an error.</summary>
    [Fact]
    public void Numeric_AtKinksOrOfAHugeLoss_LeavesOut()
    {
        using var zeros = new Mlp(new MlpOptions { Inputs = 4, Hidden = [10], Outputs = 3, MaxBatch = 5, Initialization = Initialization.Zeros });
        double[,] x = GradientCheck.ToDoubles(TestData.Normal(1, 20), 5);
        Assert.All(GradientCheck.Numeric(ReferenceNetwork.FromMlp(zeros), x, new[] { 0, 1, 2, 2, 1 }),
            row => Assert.True(row.Error == 0 || row.Error < 1e-8, row.ToString()));
        using var huge = new Mlp(new MlpOptions { Inputs = 4, Hidden = [10], Outputs = 3, MaxBatch = 5, Loss = Loss.MulticlassHinge, LossDelta = 1e30 });
        Assert.All(GradientCheck.Numeric(ReferenceNetwork.FromMlp(huge), x, new[] { 0, 1, 2, 2, 1 }),
            row => Assert.True(row.Error == 0 && row.Uncertain > 0, row.ToString()));
    }

    // Biases, gains and shifts begin at 0 and 1: a wrong factor would not show.
    private static void Disturb(Mlp mlp)
    {
        for (int l = 0; l < mlp.Layers.Count; l++)
        {
            foreach (LayerTensor tensor in mlp.Layers[l].Tensors)
            {
                if (tensor is LayerTensor.Weight or > LayerTensor.Beta) continue;
                float[] values = TestData.Normal((ulong)(40 + l), mlp.Layers[l].Width);
                mlp.Write(TensorKind.Parameter, l, tensor, Array.ConvertAll(values, value => (tensor == LayerTensor.Gamma ? 1 : 0) + (0.2f * value)));
            }
        }
    }

    private static ReferenceTargets Targets(Loss loss)
    {
        double[] weights = [.. Enumerable.Range(0, Rows).Select(i => 0.5 + (0.25 * (i % 4)))];
        int[] labels = TestData.Labels(Rows, Outputs);
        if (!loss.TakesTargets()) return new ReferenceTargets(labels, null, weights);
        float[] values = TestData.Normal(50, Rows * Outputs);
        if (loss == Loss.BinaryCrossEntropy) values = Array.ConvertAll(values, value => value > 0 ? 1f : 0.25f);
        return new ReferenceTargets([], GradientCheck.ToDoubles(values, Rows), weights);
    }
}
