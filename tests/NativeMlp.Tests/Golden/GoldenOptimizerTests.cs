// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Reference;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Golden;

/// <summary>Twenty steps of each optimizer and of each of its options on two small problems, and clipping.</summary>
public sealed class GoldenOptimizerTests
{
    private const string File = "05_optimizers.json";
    private const string OptionsFile = "05b_optimizer_options.json";

    /// <summary>The cases by file and number.</summary>
    public static TheoryData<string, int> Cases() => Numbered([.. Enumerable.Range(0, 12)], [.. Enumerable.Range(0, 8)]);

    /// <summary>Those that do not decay the bias, as PyTorch does and as is never done here.</summary>
    public static TheoryData<string, int> WithoutDecay() => Numbered([0, 2, 3, 5, 6, 7, 8], [0, 3, 4, 5, 7]);

    private static TheoryData<string, int> Numbered(int[] kinds, int[] options) =>
        [.. kinds.Select(index => (File, index)), .. options.Select(index => (OptionsFile, index))];

    // f(w) = w·A·w/2 − b·w, its gradient A·w − b; the parameters are a column of weights.
    [Theory]
    [MemberData(nameof(Cases))]
    public void Update_OnTheQuadratic_FollowsTheTrajectory(string name, int index)
    {
        JsonElement file = GoldenFile.Open(name), problem = file.GetProperty("problems").GetProperty("quadratic"), c = file.GetProperty("cases")[index];
        double[,] a = GoldenFile.Matrix(problem.GetProperty("A"));
        double[] b = GoldenFile.Values(problem.GetProperty("b")), start = GoldenFile.Values(problem.GetProperty("w0"));
        Optimizer optimizer = Read(c);
        var layer = new ReferenceLayer(start.Length, 1, Activation.Identity);
        Buffer.BlockCopy(start, 0, layer.Weight, 0, start.Length * sizeof(double));
        // What l2 adds to the gradient is the caller's part of the reference, and the kernel's own.
        var reference = new ReferenceOptimizer(new ReferenceNetwork([layer]), optimizer);
        float[] w = Array.ConvertAll(start, value => (float)value), first = new float[w.Length], second = new float[w.Length], third = new float[w.Length];
        if (optimizer.Kind == OptimizerKind.AdaGrad) Array.Fill(second, (float)optimizer.InitialAccumulator);
        double power1 = 1, power2 = 1;
        JsonElement trajectory = c.GetProperty("problems").GetProperty("quadratic").GetProperty("trajectory");
        double[] path = GoldenFile.Values(trajectory.GetProperty("w"));
        for (int step = 1; step * w.Length < path.Length; step++)
        {
            double[] gradient = Gradient(a, b, [.. layer.Weight.Cast<double>()]);
            var g = new double[start.Length, 1];
            for (int i = 0; i < gradient.Length; i++) g[i, 0] = gradient[i] + (2 * optimizer.L2 * layer.Weight[i, 0]);
            reference.Apply([new ReferenceGradient(g, [0], [0], [0])]);
            float[] native = Array.ConvertAll(Gradient(a, b, Array.ConvertAll(w, value => (double)value)), value => (float)value);
            power1 *= optimizer.Beta1;
            power2 *= optimizer.Beta2;
            Kernels.Update(step == 1 ? optimizer with { Dampening = 0 } : optimizer, w, native, HasFirst(optimizer.Kind) ? first : [],
                HasSecond(optimizer.Kind) ? second : [], power1, power2, optimizer.AmsGrad || optimizer.Centered ? third : []);
            double[] expected = path[(step * w.Length)..((step + 1) * w.Length)];
            Close.Exactly(expected, [.. layer.Weight.Cast<double>()], $"step {step}");
            Close.Within(1e-5 * Math.Max(1, expected.Max(Math.Abs)), expected, w, $"native step {step}");
        }
    }

    // The same through a network of one layer: mean squared error of X·W + c.
    [Theory]
    [MemberData(nameof(WithoutDecay))]
    public void TrainStep_OnTheLinearProblem_FollowsTheTrajectory(string name, int index)
    {
        JsonElement file = GoldenFile.Open(name), problem = file.GetProperty("problems").GetProperty("linear"), c = file.GetProperty("cases")[index];
        Optimizer optimizer = Read(c);
        Assert.True(optimizer.L2 == 0 && optimizer.Kind != OptimizerKind.AdamW);
        double[,] x = GoldenFile.Matrix(problem.GetProperty("X")), targets = GoldenFile.Matrix(problem.GetProperty("t"));
        using var mlp = new Mlp(new MlpOptions { Inputs = x.GetLength(1), Outputs = 1, Loss = Loss.MeanSquaredError, MaxBatch = x.GetLength(0) });
        mlp.WriteWeights(0, GoldenFile.Floats(problem.GetProperty("W0")));
        mlp.WriteBiases(0, GoldenFile.Floats(problem.GetProperty("c0")));
        ReferenceNetwork network = ReferenceNetwork.FromMlp(mlp);
        Buffer.BlockCopy(GoldenFile.Values(problem.GetProperty("W0")), 0, network.Layers[0].Weight, 0, network.Layers[0].Weight.Length * sizeof(double));
        GoldenFile.Values(problem.GetProperty("c0")).CopyTo(network.Layers[0].Bias, 0);
        var reference = new ReferenceOptimizer(network, optimizer);
        float[] rows = [.. x.Cast<double>().Select(value => (float)value)], values = [.. targets.Cast<double>().Select(value => (float)value)];
        JsonElement golden = c.GetProperty("problems").GetProperty("linear");
        double[] losses = [.. golden.GetProperty("losses").EnumerateArray().Select(value => value.GetDouble())];
        for (int step = 0; step + 1 < losses.Length; step++)
        {
            Close.Exactly(losses[step], reference.Step(x, new ReferenceTargets([], targets)), $"loss {step}");
            double loss = mlp.TrainStep(Batch.FromRows(rows, x.GetLength(0)) with { Targets = values }, optimizer).Loss;
            Close.Within(2e-5 * losses[0], [losses[step]], [(float)loss], $"native loss {step}");
        }

        double[] path = GoldenFile.Values(golden.GetProperty("trajectory").GetProperty("W"));
        Close.Exactly(path.AsSpan(path.Length - x.GetLength(1)), [.. network.Layers[0].Weight.Cast<double>()], "W");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void ClipNorm_OfGoldenGradients_ScalesAllAlike(int index)
    {
        JsonElement clip = GoldenFile.Open(File).GetProperty("clip_global_norm"), c = clip.GetProperty("cases")[index];
        Optimizer optimizer = Optimizer.Sgd(1) with { ClipNorm = c.GetProperty("max_norm").GetDouble() };
        Check(clip.GetProperty("grads"), c.GetProperty("clipped"), optimizer);
    }

    [Fact]
    public void ClipValue_OfGoldenGradients_LimitsEach()
    {
        JsonElement clip = GoldenFile.Open(File).GetProperty("clip_value");
        Check(clip.GetProperty("grads"), clip.GetProperty("clipped"), Optimizer.Sgd(1) with { ClipValue = clip.GetProperty("limit").GetDouble() });
    }

    // Plain descent at rate 1 from 0 ends at minus the clipped gradient. Each tensor is a layer of its own.
    private static void Check(JsonElement grads, JsonElement clipped, Optimizer optimizer)
    {
        double[][] before = [.. grads.EnumerateArray().Select(GoldenFile.Values)], after = [.. clipped.EnumerateArray().Select(GoldenFile.Values)];
        ReferenceLayer[] layers = new ReferenceLayer[before.Length];
        ReferenceGradient[] gradients = new ReferenceGradient[before.Length];
        for (int l = 0; l < before.Length; l++)
        {
            int inputs = l == 0 ? 1 : before[l - 1].Length, outputs = before[l].Length;
            layers[l] = new ReferenceLayer(inputs, outputs, Activation.Identity);
            gradients[l] = new ReferenceGradient(new double[inputs, outputs], [.. before[l]], new double[outputs], new double[outputs]);
        }

        new ReferenceOptimizer(new ReferenceNetwork(layers), optimizer).Apply(gradients);
        for (int l = 0; l < before.Length; l++) Close.Exactly(Array.ConvertAll(after[l], value => -value), layers[l].Bias, $"tensor {l}");
    }

    private static double[] Gradient(double[,] a, double[] b, double[] w)
    {
        double[] gradient = new double[b.Length];
        for (int i = 0; i < b.Length; i++)
        {
            gradient[i] = -b[i];
            for (int j = 0; j < w.Length; j++) gradient[i] += a[i, j] * w[j];
        }

        return gradient;
    }

    private static bool HasFirst(OptimizerKind kind) => kind is not (OptimizerKind.Sgd or OptimizerKind.AdaGrad);

    private static bool HasSecond(OptimizerKind kind) => kind is not (OptimizerKind.Sgd or OptimizerKind.Momentum or OptimizerKind.Nesterov);

    private static Optimizer Read(JsonElement c)
    {
        JsonElement options = c.GetProperty("options");
        double rate = options.GetProperty("lr").GetDouble(), momentum = Option("momentum", 0), decay = Option("weight_decay", 0);
        return c.GetProperty("optimizer").GetString() switch
        {
            "sgd" when options.TryGetProperty("nesterov", out _) => Optimizer.Nesterov(rate, momentum) with { L2 = decay / 2 },
            "sgd" when momentum > 0 => Optimizer.SgdMomentum(rate, momentum, Option("dampening", 0)) with { L2 = decay / 2 },
            "sgd" => Optimizer.Sgd(rate) with { L2 = decay / 2 },
            "adagrad" => Optimizer.AdaGrad(rate, Option("initial_accumulator_value", 0)),
            "rmsprop" => Optimizer.RmsProp(rate, 0.99, momentum, Says("centered")),
            "adam" => Optimizer.Adam(rate, Says("amsgrad")) with { L2 = decay / 2 },
            "adamw" => Optimizer.AdamW(rate, decay, Says("amsgrad")),
            string other => throw new NotSupportedException(other),
            null => throw new NotSupportedException(),
        };
        bool Says(string name) => options.TryGetProperty(name, out JsonElement value) && value.GetBoolean();
        double Option(string name, double absent) => options.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : absent;
    }
}
