// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using NativeMlp.Reference;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Golden;

/// <summary>Whole 200-step runs on the 8×8 digits, step by step.</summary>
public sealed class GoldenTrainingTests
{
    private const string File = "07_training_runs.json";

    [Theory]
    [InlineData("sgd-momentum")]
    [InlineData("adam")]
    [InlineData("adam-tanh")]
    public void Reference_OnTrainingRun_FollowsEveryStep(string name)
    {
        Run run = Load(name);
        var optimizer = new ReferenceOptimizer(run.Network, run.Optimizer);
        double[] losses = [.. run.Batches.Select(batch => optimizer.Step(Rows(run, batch), Labels(run, batch)))];
        Close.Exactly(run.Losses, losses, "loss");
        for (int l = 0; l < run.Network.Layers.Count; l++)
        {
            Close.Exactly(GoldenFile.Matrix(run.Final.GetProperty($"W{l + 1}")), run.Network.Layers[l].Weight, $"W{l + 1}");
            Close.Exactly(GoldenFile.Values(run.Final.GetProperty($"b{l + 1}")), run.Network.Layers[l].Bias, $"b{l + 1}");
        }
    }

    /// <summary>On every platform the same bytes; <c>agreed_run.c</c> does the same in C.</summary>
    [Fact]
    public void Native_OnAllTrainingRuns_GivesTheAgreedBits()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in new[] { "sgd-momentum", "adam", "adam-tanh" })
        {
            Run run = Load(name);
            using Mlp mlp = GoldenFile.Native(run.Network, 50);
            float[] features = Array.ConvertAll(run.Features, value => (float)value);
            foreach (int[] batch in run.Batches) mlp.TrainStep(Rows(run, features, batch), run.Optimizer);
            for (int layer = 0; layer < mlp.Layers.Count; layer++)
            {
                foreach (LayerTensor tensor in mlp.Layers[layer].Tensors)
                {
                    float[] values = new float[mlp.Layers[layer].LengthOf(tensor)];
                    mlp.Read(TensorKind.Parameter, layer, tensor, values);
                    hash.AppendData(MemoryMarshal.AsBytes<float>(values));
                }
            }
        }

        string agreed = System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "agreed_run.sha256"));
        Assert.Equal(agreed.Trim(), Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    // A float32 run drifts; PyTorch's own drifts as far as the file says. Ours may drift four times as far.
    [Theory]
    [InlineData("sgd-momentum")]
    [InlineData("adam")]
    [InlineData("adam-tanh")]
    public void Native_OnTrainingRun_FollowsEveryStep(string name)
    {
        Run run = Load(name);
        float[] features = Array.ConvertAll(run.Features, value => (float)value);
        using Mlp mlp = GoldenFile.Native(run.Network, 50);
        for (int step = 0; step < run.Batches.Length; step++)
        {
            double loss = mlp.TrainStep(Rows(run, features, run.Batches[step]), run.Optimizer).Loss;
            double drift = 4 * run.Drift.GetProperty("max_abs_loss_difference").GetDouble();
            Assert.True(Math.Abs(loss - run.Losses[step]) <= drift, $"step {step}: {loss:R}, not {run.Losses[step]:R} (± {drift:R})");
        }

        int[] predicted = mlp.PredictClasses(Batch.FromRows(features, run.DigitLabels.Length) with { Indices = run.TestRows });
        Assert.Equal(run.TestPredictions, predicted);
    }

    private sealed record Run(
        ReferenceNetwork Network, Optimizer Optimizer, double[] Features, int[] DigitLabels, int[] TrainRows, int[] TestRows,
        int[][] Batches, double[] Losses, JsonElement Final, JsonElement Drift, int[] TestPredictions);

    private static Run Load(string name)
    {
        JsonElement c = GoldenFile.Open(File).GetProperty("cases").EnumerateArray().Single(x => x.GetProperty("name").GetString() == name);
        (double[] features, int[] labels) = Digits();
        double rate = c.GetProperty("options").GetProperty("lr").GetDouble();
        Optimizer optimizer = name.StartsWith("adam", StringComparison.Ordinal) ? Optimizer.Adam(rate) : Optimizer.SgdMomentum(rate);
        return new Run(
            GoldenFile.Network(c.GetProperty("initial_params"), c),
            optimizer with { L2 = GoldenFile.L2(c) },
            features,
            labels,
            Integers(c.GetProperty("train_rows")),
            Integers(c.GetProperty("test_rows")),
            [.. c.GetProperty("batches").EnumerateArray().Select(Integers)],
            [.. c.GetProperty("loss_history").EnumerateArray().Select(value => value.GetDouble())],
            c.GetProperty("final_params"),
            c.GetProperty("pytorch_same_run").GetProperty("float32"),
            Integers(c.GetProperty("test_predictions")));
    }

    private static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetInt32())];

    private static (double[] Features, int[] Labels) Digits()
    {
        string[][] rows = [.. System.IO.File.ReadLines(TestFiles.PathOf("tabular", "digits.csv")).Skip(1).Select(line => line.Split(','))];
        double[] features = [.. rows.SelectMany(row => row.SkipLast(1).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture) / 16))];
        return (features, [.. rows.Select(row => int.Parse(row[^1], CultureInfo.InvariantCulture))]);
    }

    private static Batch Rows(Run run, float[] features, int[] batch) =>
        Batch.FromRows(features, run.DigitLabels.Length, run.DigitLabels) with { Indices = Array.ConvertAll(batch, i => run.TrainRows[i]) };

    private static double[,] Rows(Run run, int[] batch)
    {
        var x = new double[batch.Length, 64];
        for (int i = 0; i < batch.Length; i++)
        {
            for (int j = 0; j < 64; j++)
                x[i, j] = run.Features[(run.TrainRows[batch[i]] * 64) + j];
        }

        return x;
    }

    private static int[] Labels(Run run, int[] batch) => Array.ConvertAll(batch, i => run.DigitLabels[run.TrainRows[i]]);
}
