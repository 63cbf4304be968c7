// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Golden;

/// <summary>Single kernels against reference values: softmax cross-entropy, ReLU, and the optimizers.</summary>
public sealed class GoldenKernelTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("single-sample")]
    [InlineData("two-classes")]
    [InlineData("one-class")]
    [InlineData("extreme-logits")]
    public void SoftmaxFamily_OnGoldenCase_HasItsValues(string name)
    {
        JsonElement c = GoldenFile.Open("04_losses.json").GetProperty("cases").EnumerateArray().First(x => x.GetProperty("name").GetString() == name);
        float[] scores = GoldenFile.Floats(c.GetProperty("input"));
        int[] labels = GoldenFile.Integers(c.GetProperty("target"));
        (int m, int n) = (labels.Length, scores.Length / labels.Length);
        float[] p = new float[m * n], logP = new float[m * n], d = new float[m * n];
        Kernels.Softmax(m, n, scores, p);
        Kernels.LogSoftmax(m, n, scores, logP);
        StepResult result = Kernels.SoftmaxCrossEntropy(m, n, scores, labels, d);
        Close.InSinglePrecision(GoldenFile.Values(c.GetProperty("softmax")), p, "softmax");
        // Element by element, for some are as large as a float can be, or larger: those are infinite.
        Assert.All(GoldenFile.Floats(c.GetProperty("log_softmax")).Zip(logP), pair =>
            Assert.True(pair.First == pair.Second || Math.Abs(pair.First - pair.Second) <= 1e-5 * Math.Max(1, Math.Abs(pair.First)), pair.ToString()));
        Close.InSinglePrecision(GoldenFile.Values(c.GetProperty("grad")), d, "gradient");
        double value = c.GetProperty("value").GetDouble();
        Assert.Equal(value, result.Loss, 1e-6 * Math.Max(1, value));
    }

    [Fact]
    public void Relu_OnGoldenGrid_HasItsValues()
    {
        JsonElement grid = GoldenFile.Open("03_activations.json").GetProperty("float32_grid");
        float[] x = GoldenFile.Floats(grid.GetProperty("x")), y = new float[x.Length], dx = new float[x.Length];
        float[] ones = [.. Enumerable.Repeat(1f, x.Length)];
        Kernels.Relu(x, y);
        Kernels.ReluBackward(y, ones, dx);
        JsonElement relu = grid.GetProperty("activations").GetProperty("relu");
        Assert.Equal(GoldenFile.Floats(relu.GetProperty("y")), y); // denormals, too
        Assert.Equal(GoldenFile.Floats(relu.GetProperty("dy")), dx);
    }

    /// <summary>20 steps on a quadratic bowl; the gradient in double, the update native.</summary>
    [Theory]
    [InlineData("sgd", 0.1, 0, 0)]
    [InlineData("sgd", 0.1, 0, 0.05)]
    [InlineData("sgd", 0.05, 0.9, 0)]
    [InlineData("sgd", 0.05, 0.9, 0.01)]
    [InlineData("adam", 0.1, 0, 0)]
    [InlineData("adam", 0.1, 0, 0.1)]
    public void Update_OnGoldenTrajectory_FollowsIt(string name, double rate, double momentum, double decay)
    {
        JsonElement root = GoldenFile.Open("05_optimizers.json");
        JsonElement c = root.GetProperty("cases").EnumerateArray().Single(x => Is(x, name, rate, momentum, decay));
        double[] expected = GoldenFile.Values(c.GetProperty("problems").GetProperty("quadratic").GetProperty("trajectory").GetProperty("w"));
        JsonElement bowl = root.GetProperty("problems").GetProperty("quadratic");
        double[] a = GoldenFile.Values(bowl.GetProperty("A")), b = GoldenFile.Values(bowl.GetProperty("b"));
        Optimizer optimizer = Make(name, rate, momentum) with { L2 = decay / 2 }; // weight decay is 2·l2
        float[] w = GoldenFile.Floats(bowl.GetProperty("w0")), g = new float[5];
        float[] first = new float[optimizer.Kind == OptimizerKind.Sgd ? 0 : 5], second = new float[optimizer.Kind == OptimizerKind.Adam ? 5 : 0];
        double beta1Power = 1, beta2Power = 1;
        for (int step = 1; step <= 20; step++)
        {
            for (int i = 0; i < 5; i++)
                g[i] = (float)(Enumerable.Range(0, 5).Sum(j => a[(5 * i) + j] * w[j]) - b[i]);

            Kernels.Update(optimizer, w, g, first, second, beta1Power *= optimizer.Beta1, beta2Power *= optimizer.Beta2);
            Close.Within(1e-5, expected.AsSpan(5 * step, 5), w, $"w after {step} steps");
        }
    }

    private static Optimizer Make(string name, double rate, double momentum) =>
        name == "adam" ? Optimizer.Adam(rate) : momentum == 0 ? Optimizer.Sgd(rate) : Optimizer.SgdMomentum(rate, momentum);

    private static bool Is(JsonElement c, string name, double rate, double momentum, double decay)
    {
        JsonElement options = c.GetProperty("options");
        double Option(string key) => options.TryGetProperty(key, out JsonElement value) ? value.GetDouble() : 0;
        return c.GetProperty("optimizer").GetString() == name && !options.TryGetProperty("nesterov", out _)
            && (Option("lr"), Option("momentum"), Option("weight_decay")) == (rate, momentum, decay);
    }
}
