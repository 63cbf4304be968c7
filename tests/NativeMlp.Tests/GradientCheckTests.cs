// SPDX-License-Identifier: MIT
using NativeMlp.Reference;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests;

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
                {
                    all.Add(activation, norm, loss, ((int)activation + (int)norm + (int)loss) % 2 == 0 ? 0 : 0.3);
                }
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

    [Fact]
    public void Numeric_OfAWrongGradient_SaysSo()
    {
        var layer = new ReferenceLayer(2, 2, Activation.Tanh);
        layer.Weight[0, 0] = 0.5;
        var network = new ReferenceNetwork([layer], new ReferenceLoss(Loss.MeanSquaredError));
        var targets = new ReferenceTargets([], new double[,] { { 1, 2 } });
        ReferenceTargets others = new([], new double[,] { { 1, 3 } });
        double[,] x = { { 1, -1 } };
        Assert.True(GradientCheck.Numeric(network, x, targets).Max(row => row.Error) < 1e-8);
        Assert.NotEqual(network.Gradients(x, targets).Layers[0].Bias, network.Gradients(x, others).Layers[0].Bias);
    }

    // Biases, gains and shifts begin at 0 and 1: a wrong factor would not show.
    private static void Disturb(Mlp mlp)
    {
        for (int l = 0; l < mlp.Layers.Count; l++)
        {
            foreach (LayerTensor tensor in mlp.Layers[l].Tensors)
            {
                if (tensor is LayerTensor.Weight or > LayerTensor.Shift) continue;
                float[] values = TestData.Normal((ulong)(40 + l), mlp.Layers[l].Width);
                mlp.Write(TensorKind.Parameter, l, tensor, Array.ConvertAll(values, value => (tensor == LayerTensor.Gain ? 1 : 0) + (0.2f * value)));
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
