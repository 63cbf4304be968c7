// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Reference;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Golden;

/// <summary>Every loss, alone: value and gradient with respect to the scores.</summary>
public sealed class GoldenLossTests
{
    private const string File = "04_losses.json";

    /// <summary>The cases by name.</summary>
    public static TheoryData<string> Names() =>
        [.. GoldenFile.Open(File).GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    /// <summary>Without the one whose differences of scores are beyond float32.</summary>
    public static TheoryData<string> FloatNames() => [.. Names().Select(row => row.Data).Where(name => name != "extreme-logits")];

    [Theory]
    [MemberData(nameof(Names))]
    public void Reference_OnGoldenLoss_HasItsValueAndGradient(string name)
    {
        (JsonElement c, double[,] scores, ReferenceTargets targets) = Load(name);
        ReferenceLoss loss = GoldenFile.LossOf(c.GetProperty("loss").GetString()!, c.GetProperty("options"));
        Close.Exactly(c.GetProperty("value").GetDouble(), loss.Value(scores, targets), "loss");
        Close.Exactly(GoldenFile.Matrix(c.GetProperty("grad")), loss.Gradient(scores, targets), "gradient");
    }

    // One layer whose input is the identity and whose weights are the scores: then W's gradient is that of the scores.
    [Theory]
    [MemberData(nameof(FloatNames))]
    public void Native_OnGoldenLoss_HasItsValueAndGradient(string name)
    {
        (JsonElement c, double[,] scores, ReferenceTargets targets) = Load(name);
        int rows = scores.GetLength(0), outputs = scores.GetLength(1);
        float[] weight = [.. scores.Cast<double>().Select(value => (float)value)];
        using var mlp = new Mlp(GoldenFile.WithLoss(new MlpOptions
        {
            Inputs = rows,
            Outputs = outputs,
            Loss = GoldenFile.LossKind(c.GetProperty("loss").GetString()!),
            MaxBatch = rows,
        }, c.GetProperty("options")));
        mlp.WriteWeights(0, weight);
        float[] identity = new float[rows * rows], values = targets.Values is null ? [] : [.. targets.Values.Cast<double>().Select(value => (float)value)];
        for (int i = 0; i < rows; i++) identity[(i * rows) + i] = 1;

        Batch batch = Batch.FromRows(identity, rows, targets.Labels) with { Targets = values };
        StepResult result = mlp.ComputeGradients(batch);
        Close.InSinglePrecision([c.GetProperty("value").GetDouble()], [(float)result.Loss], "loss");
        Close.InSinglePrecision([c.GetProperty("value").GetDouble()], [(float)mlp.Evaluate(batch).Loss], "evaluated loss");
        float[] gradient = new float[weight.Length];
        mlp.Read(TensorKind.Gradient, 0, LayerTensor.Weight, gradient);
        Close.InSinglePrecision(GoldenFile.Values(c.GetProperty("grad")), gradient, "gradient");
    }

    private static (JsonElement Case, double[,] Scores, ReferenceTargets Targets) Load(string name)
    {
        JsonElement c = GoldenFile.Open(File).GetProperty("cases").EnumerateArray().Single(x => x.GetProperty("name").GetString() == name);
        Loss loss = GoldenFile.LossKind(c.GetProperty("loss").GetString()!);
        return (c, GoldenFile.Matrix(c.GetProperty("input")), GoldenFile.Targets(c.GetProperty("target"), loss));
    }
}
