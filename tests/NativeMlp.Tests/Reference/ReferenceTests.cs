// SPDX-License-Identifier: MIT
using NativeMlp.Reference;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Reference;

/// <summary>The readable network against what can be worked out by hand, and against its own differences.</summary>
public sealed class ReferenceTests
{
    private const int Rows = 5;

    /// <summary>Networks by the widths of their layers, inputs first.</summary>
    public static TheoryData<string, Activation> Networks()
    {
        var networks = new TheoryData<string, Activation>();
        foreach (string widths in new[] { "4,3", "4,10,3", "6,8,7,3", "3,5,4,4,2" })
        {
            foreach (Activation activation in Enum.GetValues<Activation>())
                networks.Add(widths, activation);
        }

        return networks;
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void GradientCheck_OfAnyNetwork_AgreesWithDifferences(string widths, Activation activation)
    {
        int[] sizes = Array.ConvertAll(widths.Split(','), int.Parse);
        ReferenceNetwork network = Network(sizes, activation);
        double[,] x = GradientCheck.ToDoubles(TestData.Normal(21, Rows * sizes[0]), Rows);
        IReadOnlyList<GradientCheckRow> rows = GradientCheck.Numeric(network, x, TestData.Labels(Rows, sizes[^1]), l2: 0.1);
        Assert.Equal(2 * (sizes.Length - 1), rows.Count);
        Assert.All(rows, row => Assert.True(row.Error < 1e-8 && row.Compared > 0, row.ToString()));
    }

    [Fact]
    public void GradientCheck_AtAKink_LeavesItOut()
    {
        ReferenceNetwork network = Network([2, 3, 2], Activation.Relu);
        Array.Clear(network.Layers[0].Weight); // every unit stands exactly at the kink of ReLU
        GradientCheckRow row = GradientCheck.Numeric(network, new double[,] { { 1, 2 } }, new[] { 1 })[0];
        Assert.Equal((6, 0), (row.Kinks, row.Compared));
    }

    [Fact]
    public void GradientCheck_WhereAPieceTakesOver_LeavesItOut()
    {
        ReferenceNetwork network = Network([2, 3, 2], Activation.Maxout);
        Array.Clear(network.Layers[0].Weight); // every output is a tie of its two pieces
        GradientCheckRow row = GradientCheck.Numeric(network, new double[,] { { 1, 2 } }, new[] { 1 })[0];
        Assert.Equal((12, 0), (row.Kinks, row.Compared));
    }

    [Fact]
    public void Maxout_OfASmallLayer_IsWhatPaperSays()
    {
        var layer = new ReferenceLayer(1, 2, Activation.Maxout, pieces: 2);
        Assert.Equal((2, 4), (layer.Outputs, layer.Width));
        double[] weights = [1, 2, -1, 2];
        for (int j = 0; j < 4; j++) layer.Weight[0, j] = weights[j];
        ReferencePass pass = layer.Train(new double[,] { { 3 }, { -3 } });
        Assert.Equal(new double[,] { { 3, 6 }, { 3, -6 } }, pass.Y); // |x|, and a tie
        (double[,] dx, ReferenceGradient gradient) = layer.Backward(pass, new double[,] { { 1, 1 }, { 1, 1 } });
        Assert.Equal(new double[,] { { 3, 0, -3, 0 } }, gradient.Weight);
        Assert.Equal(new double[,] { { 3 }, { 1 } }, dx);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReferenceLayer(1, 2, Activation.Relu, pieces: 2));
    }

    [Fact]
    public void ForwardAndLoss_OfASmallNetwork_AreWhatPaperSays()
    {
        var hidden = new ReferenceLayer(2, 2, Activation.Relu);
        hidden.Weight[0, 0] = 1;
        hidden.Weight[1, 1] = -1;
        hidden.Bias[1] = 0.5;
        var last = new ReferenceLayer(2, 2, Activation.Identity);
        last.Weight[0, 0] = 2;
        last.Weight[1, 1] = 3;
        var network = new ReferenceNetwork([hidden, last]);
        double[,] x = { { 3, 1 } };
        Assert.Equal(new double[,] { { 6, 0 } }, network.Forward(x)[^1]); // 3, then -1 + 0.5 cut to 0
        Assert.Equal(Math.Log(1 + Math.Exp(-6)), network.Loss(x, new[] { 0 }), 1e-15);
        Assert.Equal(Math.Log(1 + Math.Exp(6)) + (0.5 * (1 + 1 + 4 + 9)), network.Loss(x, new[] { 1 }, l2: 0.5), 1e-12);
        double wrong = 1 / (1 + Math.Exp(6));
        ReferenceGradient[] gradients = network.Gradients(x, new[] { 0 }).Layers;
        Assert.Equal(-3 * wrong, gradients[1].Weight[0, 0], 1e-15);
        Assert.Equal(-wrong * 2 * 3, gradients[0].Weight[0, 0], 1e-15);
        Assert.Equal(0, gradients[0].Bias[1]); // behind a unit that is off
    }

    [Fact]
    public void Loss_OfExtremeScores_IsFinite()
    {
        var layer = new ReferenceLayer(1, 2, Activation.Identity);
        layer.Weight[0, 0] = 1e5;
        Assert.Equal(1e5, new ReferenceNetwork([layer]).Loss(new double[,] { { 1 } }, new[] { 1 }), 1e-9);
    }

    [Fact]
    public void Layers_ThatDoNotFit_AreRefusedWithBothNumbers()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() =>
            new ReferenceNetwork([new ReferenceLayer(4, 10, Activation.Relu), new ReferenceLayer(9, 3, Activation.Identity)]));
        Assert.Contains("9", e.Message, StringComparison.Ordinal);
        Assert.Contains("10", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ReferenceNetwork([]));
    }

    /// <summary>The native steps follow the double-precision ones, until a ReLU at its kink falls to the other side.</summary>
    [Theory]
    [InlineData(OptimizerKind.Sgd, 0.05)]
    [InlineData(OptimizerKind.Momentum, 0.02)]
    [InlineData(OptimizerKind.Adam, 0.01)]
    [InlineData(OptimizerKind.Nesterov, 0.02)]
    [InlineData(OptimizerKind.AdaGrad, 0.02)]
    [InlineData(OptimizerKind.RmsProp, 0.002)]
    [InlineData(OptimizerKind.AdamW, 0.01)]
    [InlineData(OptimizerKind.Momentum, 0.02, 0.05, 0.3, 0.9)]
    [InlineData(OptimizerKind.Adam, 0.01, 0.05, 0.3, 0.9)]
    public void TrainStep_OfEachOptimizer_FollowsTheReference(
        OptimizerKind kind, double rate, double clipValue = 0, double clipNorm = 0, double maxNorm = 0)
    {
        var optimizer = new Optimizer
        {
            Kind = kind,
            LearningRate = rate,
            L2 = 1e-3,
            WeightDecay = 0.1,
            Epsilon = 1e-6,
            ClipValue = clipValue,
            ClipNorm = clipNorm,
            MaxNorm = maxNorm,
        };
        using var mlp = new Mlp(new MlpOptions { Inputs = 7, Hidden = [12, 9], Outputs = 4, MaxBatch = 16 });
        ReferenceNetwork network = ReferenceNetwork.FromMlp(mlp);
        var reference = new ReferenceOptimizer(network, optimizer);
        float[] x = TestData.Normal(3, 16 * 7);
        int[] labels = TestData.Labels(16, 4);
        for (int step = 0; step < 10; step++)
        {
            double expected = reference.Step(GradientCheck.ToDoubles(x, 16), labels);
            Assert.Equal(expected, mlp.TrainStep(Batch.FromRows(x, 16, labels), optimizer).Loss, 1e-6);
        }

        float[] weight = new float[9 * 4];
        mlp.ReadWeights(2, weight);
        Close.Within(1e-6, [.. network.Layers[2].Weight.Cast<double>()], weight, "weight");
    }

    private static ReferenceNetwork Network(int[] sizes, Activation activation)
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = sizes[0], Hidden = sizes[1..^1], Outputs = sizes[^1], Activation = activation, Seed = 3 });
        return ReferenceNetwork.FromMlp(mlp);
    }
}
