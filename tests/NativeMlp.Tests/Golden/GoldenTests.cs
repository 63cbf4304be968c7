// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Reference;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Golden;

/// <summary>Scores, losses and gradients of the course's toy networks and of deep ReLU networks.</summary>
public sealed class GoldenTests
{
    private const string CourseToy = "01_cs231n_toy.json";
    private const string SecondToy = "02_eecs498_toy.json";
    private const string Deep = "06_deep.json";

    /// <summary>The toys' cases, and those of the deep file that this version's layers and loss can do.</summary>
    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        if (SharedFolder.TryPathOf("golden") is null)
        {
            cases.Add(SecondToy, 0); // one that skips, so that the reason is seen
            return cases;
        }

        for (int i = 0; i < 6; i++)
        {
            cases.Add(CourseToy, i);
        }

        foreach (string file in new[] { SecondToy, Deep })
        {
            JsonElement list = GoldenFile.Open(file).GetProperty("cases");
            for (int i = 0; i < list.GetArrayLength(); i++)
            {
                if (IsSupported(list[i]))
                {
                    cases.Add(file, i);
                }
            }
        }

        return cases;
    }

    [Fact]
    public void Cases_OfTheDeepFile_AreThere()
    {
        SharedFolder.PathOf("golden");
        Assert.True(Cases().Count(row => row.Data.Item1 == Deep) >= 4);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reference_OnGoldenCase_HasItsLossAndGradients(string file, int index)
    {
        Case c = Load(file, index);
        Close.Exactly(c.Scores, c.Network.Forward(c.X)[^1], "scores");
        Close.Exactly(c.Loss, c.Network.Loss(c.X, c.Labels, c.L2), "loss");
        Close.Exactly(c.DataLoss, c.Network.Loss(c.X, c.Labels), "data loss");
        (ReferenceGradient[] layers, double[,] dx) = c.Network.Gradients(c.X, c.Labels, c.L2);
        for (int l = 0; l < layers.Length; l++)
        {
            Close.Exactly(GoldenFile.Matrix(c.Gradients.GetProperty($"W{l + 1}")), layers[l].Weight, $"dW{l + 1}");
            Close.Exactly(GoldenFile.Values(c.Gradients.GetProperty($"b{l + 1}")), layers[l].Bias, $"db{l + 1}");
        }

        Close.Exactly(GoldenFile.Matrix(c.Gradients.GetProperty("X")), dx, "dX");
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Native_OnGoldenCase_HasItsLossAndGradients(string file, int index)
    {
        Case c = Load(file, index);
        int rows = c.Labels.Length;
        float[] x = [.. c.X.Cast<double>().Select(value => (float)value)];
        using Mlp mlp = GoldenFile.Native(c.Network, rows);
        Batch batch = Batch.FromRows(x, rows, c.Labels);
        float[] scores = new float[rows * mlp.Outputs];
        mlp.Predict(batch, scores);
        Close.InSinglePrecision([.. c.Scores.Cast<double>()], scores, "scores");
        StepResult result = mlp.ComputeGradients(batch, c.L2);
        Close.InSinglePrecision([c.Loss, c.DataLoss], [(float)result.Loss, (float)result.DataLoss], "loss");
        for (int l = 0; l < mlp.Layers.Count; l++)
        {
            Close.InSinglePrecision(GoldenFile.Values(c.Gradients.GetProperty($"W{l + 1}")), Gradient(mlp, l, LayerTensor.Weight), $"dW{l + 1}");
            Close.InSinglePrecision(GoldenFile.Values(c.Gradients.GetProperty($"b{l + 1}")), Gradient(mlp, l, LayerTensor.Bias), $"db{l + 1}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Reference_OnToyTraining_FollowsTheLosses(int run)
    {
        JsonElement toy = GoldenFile.Open(CourseToy);
        JsonElement training = toy.GetProperty("training")[run];
        Case c = Load(CourseToy, 0);
        double[] expected = [.. training.GetProperty("loss_history").EnumerateArray().Select(value => value.GetDouble())];
        double rate = training.GetProperty("learning_rate").GetDouble();
        double decay = training.GetProperty("lr_multiplier_after_each_step").GetDouble();
        var actual = new List<double>();
        foreach (double _ in expected)
        {
            var optimizer = new ReferenceOptimizer(c.Network, Optimizer.Sgd(rate) with { L2 = GoldenFile.L2(training) });
            actual.Add(optimizer.Step(c.X, c.Labels));
            rate *= decay;
        }

        Close.Exactly(expected, [.. actual], "loss");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Native_OnToyTraining_FollowsTheLosses(int run)
    {
        JsonElement training = GoldenFile.Open(CourseToy).GetProperty("training")[run];
        Case c = Load(CourseToy, 0);
        float[] x = [.. c.X.Cast<double>().Select(value => (float)value)];
        double rate = training.GetProperty("learning_rate").GetDouble();
        using Mlp mlp = GoldenFile.Native(c.Network, c.Labels.Length);
        foreach (JsonElement expected in training.GetProperty("loss_history").EnumerateArray())
        {
            Optimizer optimizer = Optimizer.Sgd(rate) with { L2 = GoldenFile.L2(training) };
            double loss = mlp.TrainStep(Batch.FromRows(x, c.Labels.Length, c.Labels), optimizer).Loss;
            Assert.Equal(expected.GetDouble(), loss, 5e-5 * expected.GetDouble());
            rate *= training.GetProperty("lr_multiplier_after_each_step").GetDouble();
        }
    }

    [Fact]
    public void GradientCheck_OnTheCoursesToy_IsBelowTheCoursesBound()
    {
        Case c = Load(CourseToy, 0);
        foreach (GradientCheckRow row in GradientCheck.Numeric(c.Network, c.X, c.Labels, c.L2))
        {
            Assert.True(row.Error < 1e-8, row.ToString());
        }
    }

    private sealed record Case(
        ReferenceNetwork Network, double[,] X, int[] Labels, double L2, double Loss, double DataLoss, double[,] Scores, JsonElement Gradients);

    private static Case Load(string file, int index)
    {
        JsonElement root = GoldenFile.Open(file);
        JsonElement c = file == CourseToy ? root : root.GetProperty("cases")[index];
        JsonElement loss = file == CourseToy ? root.GetProperty("losses")[index] : c;
        JsonElement inputs = c.GetProperty("inputs");
        JsonElement labels = inputs.TryGetProperty("y", out JsonElement y) ? y : inputs.GetProperty("target");
        bool deep = c.TryGetProperty("layers", out JsonElement layers);
        return new Case(
            GoldenFile.Network(inputs.GetProperty("params"), deep ? layers : null),
            GoldenFile.Matrix(inputs.GetProperty("X")),
            GoldenFile.Integers(labels),
            GoldenFile.L2(loss),
            loss.GetProperty("loss").GetDouble(),
            loss.GetProperty("data_loss").GetDouble(),
            GoldenFile.Matrix(deep ? c.GetProperty("layer_outputs").EnumerateArray().Last() : c.GetProperty("scores")),
            loss.GetProperty("grads"));
    }

    private static bool IsSupported(JsonElement c) =>
        !c.TryGetProperty("layers", out JsonElement layers)
        || (c.GetProperty("loss_function").GetString() == "cross_entropy"
            && !c.GetProperty("loss_options").EnumerateObject().Any()
            && layers.EnumerateArray().All(layer =>
                layer.GetProperty("kind").GetString() == "dense" && layer.GetProperty("activation").GetString() is "relu" or "identity"));

    private static float[] Gradient(Mlp mlp, int layer, LayerTensor which)
    {
        LayerShape shape = mlp.Layers[layer];
        float[] gradient = new float[which == LayerTensor.Weight ? shape.Inputs * shape.Outputs : shape.Outputs];
        mlp.Read(TensorKind.Gradient, layer, which, gradient);
        return gradient;
    }
}
