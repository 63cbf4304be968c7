// SPDX-License-Identifier: MIT
using NativeMlp.Reference;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Golden;

/// <summary>
/// The cells of CS231n's FullyConnectedNets and of EECS 498-007's A3 whose inputs are <c>linspace</c>, with what the
/// courses print: the reference as near as the digits allow, the native library in single precision. Nobody needs a file.
/// </summary>
public sealed class CourseCellsTests
{
    private const double EightDigits = 5e-9;

    // EECS prints 1.49834984 ... 3.77273372, made in single precision and off by 3e-7; these are the exact values.
    private static readonly double[] LinearScores = [1.49834967, 1.70660132, 1.91485297, 3.25553199, 3.51413270, 3.77273342];
    private static readonly double[] ReluOutputs = [0, 0, 0, 0, 0, 0, 0.04545455, 0.13636364, 0.22727273, 0.31818182, 0.40909091, 0.5];
    private static readonly double[] FirstScores = [11.53165108, 12.29173440, 13.05181771, 13.81190102, 14.57198434, 15.33206765, 16.09215096];

    [Fact]
    public void Linear_OfTheCell_HasItsScores()
    {
        double[] x = Linspace(-0.1, 0.5, 2 * 120), w = Linspace(-0.2, 0.3, 120 * 3), b = Linspace(-0.3, 0.1, 3);
        ReferenceLayer layer = Layer(120, 3, Activation.Identity, w, b);
        Near(LinearScores, [.. layer.Forward(Matrix(x, 2)).Cast<double>()], EightDigits);

        float[] y = new float[6];
        Kernels.DenseForward(2, 3, 120, Floats(x), Floats(w), Floats(b), y);
        Close.InSinglePrecision(LinearScores, y, "scores");
    }

    [Fact]
    public void Relu_OfTheCell_HasItsOutputs()
    {
        double[] x = Linspace(-0.5, 0.5, 3 * 4);
        Near(ReluOutputs, [.. x.Select(value => ReferenceActivation.Value(Activation.Relu, 0, value))], EightDigits);

        float[] y = new float[x.Length];
        Kernels.Relu(Floats(x), y);
        Close.InSinglePrecision(ReluOutputs, y, "outputs");
    }

    [Fact]
    public void TwoLayerNet_OfTheCell_HasItsScores()
    {
        ReferenceNetwork network = TwoLayerNet();
        double[,] x = TwoLayerInputs(), scores = network.Forward(x)[^1];
        Near(FirstScores, [.. Enumerable.Range(0, 7).Select(column => scores[0, column])], EightDigits);
        Near([12.58373087, 16.28463190], [scores[2, 0], scores[2, 6]], EightDigits);

        using Mlp mlp = GoldenFile.Native(network, maxBatch: 3);
        float[] native = new float[3 * 7];
        mlp.Predict(Batch.FromRows(Floats([.. x.Cast<double>()]), 3), native);
        Close.InSinglePrecision([.. scores.Cast<double>()], native, "scores");
    }

    /// <summary>The penalty without ½ as in EECS 498-007 A3, and with it as in CS231n A2.</summary>
    [Theory]
    [InlineData(0, 3.4702243556, 5e-11)]
    [InlineData(1, 49.719461034882, 5e-13)]
    [InlineData(0.5, 26.594842695239, 5e-13)]
    public void TwoLayerNet_OfTheCell_HasItsLoss(double l2, double expected, double digits)
    {
        int[] labels = [0, 5, 1];
        ReferenceNetwork network = TwoLayerNet();
        double[,] x = TwoLayerInputs();
        Near([expected], [network.Loss(x, labels, l2)], digits);

        using Mlp mlp = GoldenFile.Native(network, maxBatch: 3);
        StepResult result = mlp.ComputeGradients(Batch.FromRows(Floats([.. x.Cast<double>()]), 3, labels), l2);
        Assert.Equal(expected, result.Loss, 1e-5 * expected);
    }

    /// <summary>The course's momentum vector is −lr times ours.</summary>
    [Fact]
    public void Momentum_OfTheCell_HasItsUpdate()
    {
        Optimizer optimizer = Optimizer.SgdMomentum(1e-3, 0.9);
        double[] first = [.. Linspace(0.6, 0.9, 20).Select(v => -v / optimizer.LearningRate)];
        Near([0.1406, 1.4096], Ends(ReferenceUpdate(optimizer, first)), EightDigits);

        (float[] w, float[] moved, _) = NativeUpdate(optimizer, Floats(first), []);
        Close.InSinglePrecision([0.1406, 1.4096], Ends(w), "w");
        Close.InSinglePrecision([0.5406, 0.8096], [.. Ends(moved).Select(v => (float)(-optimizer.LearningRate * v))], "v");
    }

    [Fact]
    public void RmsProp_OfTheCell_HasItsUpdate()
    {
        Optimizer optimizer = Optimizer.RmsProp(1e-2, rho: 0.99);
        double[] cache = Linspace(0.6, 0.9, 20), expected = [-0.39223849, 0.59576619];
        double[] leaving = [.. cache.Select(v => Math.Sqrt(v / (1 - optimizer.Rho)))];
        Near(expected, Ends(ReferenceUpdate(optimizer, leaving)), EightDigits);

        (float[] w, _, float[] second) = NativeUpdate(optimizer, new float[20], Floats(cache));
        Close.InSinglePrecision(expected, Ends(w), "w");
        Close.InSinglePrecision([0.5976, 0.8926], Ends(second), "cache");
    }

    /// <summary>The cell's t enters as 5 and is used as 6.</summary>
    [Fact]
    public void Adam_OfTheCell_HasItsUpdate()
    {
        Optimizer optimizer = Optimizer.Adam(1e-2);
        double[] m = Linspace(0.6, 0.9, 20), v = Linspace(0.7, 0.5, 20), expected = [-0.40094747, 0.59801459], none = new double[20];
        (double[] fourth, double[] fifth) = LeavingMoments(optimizer, m, v);
        Near(expected, Ends(ReferenceUpdate(optimizer, none, none, none, fourth, fifth)), EightDigits);

        (float[] w, float[] first, float[] second) = NativeUpdate(optimizer, Floats(m), Floats(v), step: 6);
        Close.InSinglePrecision(expected, Ends(w), "w");
        Close.InSinglePrecision([0.48, 0.85], Ends(first), "m");
        Close.InSinglePrecision([0.69966, 0.49966], Ends(second), "v");
    }

    // The reference starts with zero moments: steps with these gradients come first, and leave those of the cell.
    private static double[] ReferenceUpdate(Optimizer optimizer, params double[][] before)
    {
        ReferenceLayer layer = Layer(4, 5, Activation.Identity, new double[20], new double[5]);
        var reference = new ReferenceOptimizer(new ReferenceNetwork([layer]), optimizer);
        foreach (double[] gradient in before)
            reference.Apply([Gradient(gradient)]);

        Array.Copy(Matrix(Linspace(-0.4, 0.6, 20), 4), layer.Weight, 20);
        reference.Apply([Gradient(Linspace(-0.6, 0.4, 20))]);
        return [.. layer.Weight.Cast<double>()];
    }

    private static (float[] W, float[] First, float[] Second) NativeUpdate(Optimizer optimizer, float[] first, float[] second, int step = 1)
    {
        float[] w = Floats(Linspace(-0.4, 0.6, 20));
        Kernels.Update(optimizer, w, Floats(Linspace(-0.6, 0.4, 20)), first, second, Math.Pow(optimizer.Beta1, step), Math.Pow(optimizer.Beta2, step));
        return (w, first, second);
    }

    // Adam's last two gradients before: m = (1 − β1)·(β1·g4 + g5) and v = (1 − β2)·(β2·g4² + g5²), solved for both.
    private static (double[] Fourth, double[] Fifth) LeavingMoments(Optimizer adam, double[] m, double[] v)
    {
        double[] fourth = new double[m.Length], fifth = new double[m.Length];
        for (int i = 0; i < m.Length; i++)
        {
            double sum = m[i] / (1 - adam.Beta1), squares = v[i] / (1 - adam.Beta2);
            double a = adam.Beta2 + (adam.Beta1 * adam.Beta1), b = -2 * adam.Beta1 * sum, c = (sum * sum) - squares;
            fourth[i] = (-b + Math.Sqrt((b * b) - (4 * a * c))) / (2 * a);
            fifth[i] = sum - (adam.Beta1 * fourth[i]);
        }

        return (fourth, fifth);
    }

    private static ReferenceNetwork TwoLayerNet() => new(
    [
        Layer(5, 50, Activation.Relu, Linspace(-0.7, 0.3, 5 * 50), Linspace(-0.1, 0.9, 50)),
        Layer(50, 7, Activation.Identity, Linspace(-0.3, 0.4, 50 * 7), Linspace(-0.9, 0.1, 7)),
    ]);

    private static double[,] TwoLayerInputs()
    {
        double[] values = Linspace(-5.5, 4.5, 5 * 3);
        var x = new double[3, 5]; // the cell transposes a [5 × 3]
        for (int i = 0; i < values.Length; i++)
            x[i % 3, i / 3] = values[i];

        return x;
    }

    private static ReferenceLayer Layer(int inputs, int outputs, Activation activation, double[] weight, double[] bias)
    {
        var layer = new ReferenceLayer(inputs, outputs, activation);
        Array.Copy(Matrix(weight, inputs), layer.Weight, weight.Length);
        bias.CopyTo(layer.Bias, 0);
        return layer;
    }

    private static ReferenceGradient Gradient(double[] weight) => new(Matrix(weight, 4), new double[5], new double[5], new double[5]);

    private static double[] Linspace(double from, double to, int count) =>
        [.. Enumerable.Range(0, count).Select(i => i == count - 1 ? to : from + (i * ((to - from) / (count - 1))))];

    private static double[,] Matrix(double[] values, int rows)
    {
        var matrix = new double[rows, values.Length / rows];
        Buffer.BlockCopy(values, 0, matrix, 0, values.Length * sizeof(double));
        return matrix;
    }

    private static float[] Floats(double[] values) => Array.ConvertAll(values, value => (float)value);

    private static T[] Ends<T>(T[] values) => [values[0], values[^1]];

    private static void Near(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
