// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Reference;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Golden;

/// <summary>Scores, losses and gradients of the course's toy networks and of deep networks of every kind.</summary>
public sealed class GoldenTests
{
    private const string CourseToy = "01_cs231n_toy.json";
    private const string SecondToy = "02_eecs498_toy.json";
    private const string Deep = "06_deep.json";
    private const string Norms = "06b_norm.json";
    private const string Dropout = "06c_dropout_mask.json";

    /// <summary>All cases of all files.</summary>
    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        for (int i = 0; i < 6; i++)
            cases.Add(CourseToy, i);

        foreach (string file in new[] { SecondToy, Deep, Norms, Dropout })
        {
            JsonElement list = GoldenFile.Open(file).GetProperty("cases");
            for (int i = 0; i < list.GetArrayLength(); i++)
                cases.Add(file, i);
        }

        return cases;
    }

    /// <summary>Without those whose masks are given: the native library draws its own, which GradientCheckTests hold against the
    /// reference.</summary>
    public static TheoryData<string, int> CasesWithoutMasks() => [.. Cases().Where(row => row.Data.Item1 != Dropout)];

    [Fact]
    public void Cases_OfTheDeepFile_AreThere()
    {
        Assert.Equal((19, 5, 2), (Count(Deep), Count(Norms), Count(Dropout)));
        static int Count(string file) => Cases().Count(row => row.Data.Item1 == file);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reference_OnGoldenCase_HasItsLossAndGradients(string file, int index)
    {
        Case c = Load(file, index);
        Close.Exactly(c.Scores, c.Network.Train(c.X, c.Masks)[^1].Y, "scores");
        Close.Exactly(c.Loss, c.Network.Loss(c.X, c.Targets, c.L2, c.Masks), "loss");
        Close.Exactly(c.DataLoss, c.Network.Loss(c.X, c.Targets, masks: c.Masks), "data loss");
        (ReferenceGradient[] layers, double[,] dx) = c.Network.Gradients(c.X, c.Targets, c.L2, c.Masks);
        for (int l = 0; l < layers.Length; l++)
        {
            Close.Exactly(GoldenFile.SideBySide(c.Gradients.GetProperty($"W{l + 1}")), layers[l].Weight, $"dW{l + 1}");
            Close.Exactly(GoldenFile.Values(c.Gradients.GetProperty($"b{l + 1}")), layers[l].Bias, $"db{l + 1}");
            if (c.Network.Layers[l].Norm == Norm.None) continue;
            Close.Exactly(GoldenFile.Values(c.Gradients.GetProperty($"gamma{l + 1}")), layers[l].Gamma, $"dgamma{l + 1}");
            Close.Exactly(GoldenFile.Values(c.Gradients.GetProperty($"beta{l + 1}")), layers[l].Beta, $"dbeta{l + 1}");
        }

        Close.Exactly(GoldenFile.Matrix(c.Gradients.GetProperty("X")), dx, "dX");
    }

    [Theory]
    [InlineData(Norms, 0)]
    [InlineData(Norms, 2)]
    [InlineData(Norms, 4)]
    [InlineData(Dropout, 1)]
    public void BatchNorm_OnGoldenCase_HasItsStatisticsAndEvaluation(string file, int index)
    {
        Case c = Load(file, index);
        JsonElement golden = c.Golden.GetProperty("batchnorm"), after = golden.GetProperty("running_after");
        double[,] scores = GoldenFile.Matrix(golden.GetProperty("eval_output_with_running_before"));
        Close.Exactly(scores, c.Network.Forward(c.X)[^1], "evaluation");
        float[] x = Floats(c.X);
        using Mlp mlp = GoldenFile.Native(c.Network, c.X.GetLength(0), c.Golden);
        float[] native = new float[scores.Length];
        mlp.Predict(Batch.FromRows(x, c.X.GetLength(0)), native);
        Close.InSinglePrecision([.. scores.Cast<double>()], native, "evaluation");

        ReferencePass[] passes = c.Network.Train(c.X, c.Masks);
        if (c.Masks is null) mlp.TrainStep(c.Batch(x), Optimizer.Sgd(0));
        for (int l = 0; l < passes.Length; l++)
        {
            ReferenceLayer layer = c.Network.Layers[l];
            if (layer.Norm != Norm.Batch) continue;
            layer.MoveStatistics(passes[l]);
            double[] mean = GoldenFile.Values(after.GetProperty($"mean{l + 1}")), variance = GoldenFile.Values(after.GetProperty($"var{l + 1}"));
            Close.Exactly(mean, layer.RunningMean, $"mean{l + 1}");
            Close.Exactly(variance, layer.RunningVariance, $"var{l + 1}");
            if (c.Masks is not null) continue; // the masks are given; a native step draws its own
            Close.InSinglePrecision(mean, Read(mlp, TensorKind.Parameter, l, LayerTensor.RunningMean), $"mean{l + 1}");
            Close.InSinglePrecision(variance, Read(mlp, TensorKind.Parameter, l, LayerTensor.RunningVariance), $"var{l + 1}");
        }
    }

    [Theory]
    [MemberData(nameof(CasesWithoutMasks))]
    public void Native_OnGoldenCase_HasItsLossAndGradients(string file, int index)
    {
        Case c = Load(file, index);
        float[] x = Floats(c.X);
        using Mlp mlp = GoldenFile.Native(c.Network, c.X.GetLength(0), c.Golden);
        StepResult result = mlp.ComputeGradients(c.Batch(x), c.L2);
        Close.InSinglePrecision([c.Loss, c.DataLoss], [(float)result.Loss, (float)result.DataLoss], "loss");
        double greatest = c.Gradients.EnumerateObject().Where(g => g.Name != "X").Max(g => GoldenFile.Values(g.Value).Max(Math.Abs));
        for (int l = 0; l < mlp.Layers.Count; l++)
        {
            foreach (LayerTensor tensor in mlp.Layers[l].Tensors)
            {
                if (tensor > LayerTensor.Beta) continue;
                string name = new[] { "W", "b", "gamma", "beta" }[(int)tensor] + (l + 1);
                double[] expected = tensor == LayerTensor.Weight
                    ? [.. GoldenFile.SideBySide(c.Gradients.GetProperty(name)).Cast<double>()] : GoldenFile.Values(c.Gradients.GetProperty(name));
                // The bias in front of a batch norm has no gradient but noise: measured by what surrounds it.
                double size = Math.Max(expected.Max(Math.Abs), 1e-1 * greatest);
                Close.Within(1e-5 * size, expected, Read(mlp, TensorKind.Gradient, l, tensor), "d" + name);
            }
        }

        if (c.Network.Layers.Any(layer => layer.Norm == Norm.Batch)) return; // prediction takes the running statistics
        float[] scores = new float[c.Scores.Length];
        mlp.Predict(Batch.FromRows(x, c.X.GetLength(0)), scores);
        Close.InSinglePrecision([.. c.Scores.Cast<double>()], scores, "scores");
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
            actual.Add(optimizer.Step(c.X, c.Targets));
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
        using Mlp mlp = GoldenFile.Native(c.Network, c.X.GetLength(0));
        foreach (JsonElement expected in training.GetProperty("loss_history").EnumerateArray())
        {
            Optimizer optimizer = Optimizer.Sgd(rate) with { L2 = GoldenFile.L2(training) };
            double loss = mlp.TrainStep(c.Batch(x), optimizer).Loss;
            Assert.Equal(expected.GetDouble(), loss, 5e-5 * expected.GetDouble());
            rate *= training.GetProperty("lr_multiplier_after_each_step").GetDouble();
        }
    }

    [Fact]
    public void GradientCheck_OnTheCoursesToy_IsBelowTheCoursesBound()
    {
        Case c = Load(CourseToy, 0);
        foreach (GradientCheckRow row in GradientCheck.Numeric(c.Network, c.X, c.Targets, c.L2))
            Assert.True(row.Error < 1e-8, row.ToString());
    }

    private sealed record Case(
        ReferenceNetwork Network, double[,] X, ReferenceTargets Targets, double[,]?[]? Masks, double L2, double Loss, double DataLoss,
        double[,] Scores, JsonElement Gradients, JsonElement Golden)
    {
        public Batch Batch(float[] x)
        {
            float[] values = Targets.Values is null ? [] : Floats(Targets.Values);
            return NativeMlp.Batch.FromRows(x, X.GetLength(0), Targets.Labels) with { Targets = values };
        }
    }

    private static Case Load(string file, int index)
    {
        JsonElement root = GoldenFile.Open(file);
        JsonElement c = file == CourseToy ? root : root.GetProperty("cases")[index];
        JsonElement loss = file == CourseToy ? root.GetProperty("losses")[index] : c;
        JsonElement inputs = c.GetProperty("inputs");
        JsonElement labels = inputs.TryGetProperty("y", out JsonElement y) ? y : inputs.GetProperty("target");
        bool deep = c.TryGetProperty("layers", out JsonElement layers);
        ReferenceNetwork network = GoldenFile.Network(inputs.GetProperty("params"), c);
        return new Case(
            network,
            GoldenFile.Matrix(inputs.GetProperty("X")),
            GoldenFile.Targets(labels, network.LossFunction.Kind),
            file == Dropout ? [.. layers.EnumerateArray().Select(Mask)] : null,
            GoldenFile.L2(loss),
            loss.GetProperty("loss").GetDouble(),
            loss.GetProperty("data_loss").GetDouble(),
            GoldenFile.Matrix(deep ? c.GetProperty("layer_outputs").EnumerateArray().Last() : c.GetProperty("scores")),
            loss.GetProperty("grads"),
            c);
    }

    private static double[,]? Mask(JsonElement layer) =>
        layer.TryGetProperty("dropout_mask", out JsonElement mask) ? GoldenFile.Matrix(mask) : null;

    private static float[] Floats(double[,] matrix) => [.. matrix.Cast<double>().Select(value => (float)value)];

    private static float[] Read(Mlp mlp, TensorKind kind, int layer, LayerTensor which)
    {
        float[] values = new float[mlp.Layers[layer].LengthOf(which)];
        mlp.Read(kind, layer, which, values);
        return values;
    }
}
