// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests.Training;

/// <summary>Data sets with targets and weights go through the trainer as class labels do.</summary>
public sealed class TargetedDatasetTests
{
    private const int Rows = 90, Features = 3;

    private static readonly float[] X = TestData.Normal(1, Rows * Features);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Loss.MeanSquaredError)]
    [InlineData(Loss.Huber)]
    [InlineData(Loss.BinaryCrossEntropy)]
    public void Train_OnTargetsAndWeights_IsItsStepsByHand(Loss loss)
    {
        float[] targets = [.. TestData.Normal(2, Rows * 2).Select(value => loss == Loss.BinaryCrossEntropy ? (value > 0 ? 1 : 0) : value)];
        float[] weights = [.. Enumerable.Range(0, Rows).Select(i => 0.5f + (i % 5))];
        Dataset data = Dataset.FromFloats("targets", X, Features, targets, 2).WithWeights(weights);
        var network = new MlpOptions { Inputs = Features, Hidden = [8], Outputs = 2, Loss = loss, MaxBatch = 20 };
        var options = new TrainingOptions { Epochs = 2, BatchSize = 20, Sampling = BatchSampling.InOrder };
        using Mlp trained = new(network), byHand = new(network);
        TrainingResult result = Trainer.Train(trained, data, options, data.Slice(10, 40), cancellationToken: Stop);
        for (int step = 0; step < 10; step++)
        {
            int first = step % 5 * 20, rows = Math.Min(20, Rows - first);
            byHand.TrainStep(
                Batch.FromRows(X.AsSpan(first * Features, rows * Features), rows) with { Targets = targets.AsSpan(first * 2, rows * 2), Weights = weights.AsSpan(first, rows) },
                options.Optimizer);
        }

        Assert.Equal(TestData.Parameters(byHand), TestData.Parameters(trained));
        Batch held = Batch.FromRows(X.AsSpan(10 * Features, 40 * Features), 40) with { Targets = targets.AsSpan(20, 80), Weights = weights.AsSpan(10, 40) };
        Assert.Equal(byHand.Evaluate(held).Loss, result.Epochs[^1].ValidationLoss);
    }

    /// <summary>The diabetes study: 442 patients, ten measurements, and how far the illness went in a year. Of rows that they have
    /// not seen, linear models explain 0.48 of the variance (scikit-learn's documentation).</summary>
    [Fact]
    public void Train_OnDiabetes_ExplainsTheTarget()
    {
        string[] lines = File.ReadAllLines(TestFiles.PathOf("tabular", "diabetes.csv"));
        float[][] table = [.. lines.Skip(1).Select(line => line.Split(',').Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        float[][] columns = [.. Enumerable.Range(0, 11).Select(column => Standardised([.. table.Select(row => (double)row[column])]))];
        float[] features = [.. Enumerable.Range(0, table.Length).SelectMany(row => Enumerable.Range(0, 10).Select(column => columns[column][row]))];
        Dataset data = Dataset.FromFloats("diabetes", features, 10, columns[10], 1).WithNames(["target"], lines[0].Split(',')[..10]);
        double explained = Enumerable.Range(1, 5).Average(seed => Explained(data, (ulong)seed));
        Assert.True(explained > 0.45, $"R² {explained}");
        Assert.Equal("bmi", data.FeatureNames[2]);
    }

    [Fact]
    public void Train_OnSeveralLabelsOfARow_LearnsEach()
    {
        float[] targets = [.. Enumerable.Range(0, Rows * 3).Select(i => X[i] > 0 ? 1f : 0)]; // output j tells the sign of feature j
        Dataset data = Dataset.FromFloats("signs", X, Features, targets, 3);
        using var mlp = new Mlp(new MlpOptions { Inputs = Features, Hidden = [16], Outputs = 3, Loss = Loss.BinaryCrossEntropy });
        Trainer.Train(mlp, data, new TrainingOptions { Epochs = 200, BatchSize = 30, Optimizer = Optimizer.Adam(0.02) }, cancellationToken: Stop);
        float[] scores = new float[Rows * 3];
        mlp.Predict(data.AsBatch(), scores);
        Assert.True(scores.Zip(targets).Count(pair => pair.First > 0 == pair.Second > 0.5f) > Rows * 3 * 0.97);
    }

    [Fact]
    public void Split_OfTargetsAndWeights_KeepsRowsTogether()
    {
        float[] numbers = [.. Enumerable.Range(0, Rows).Select(i => (float)i)];
        Dataset data = Dataset.FromFloats("rows", numbers, 1, numbers, 1).WithWeights(numbers);
        (Dataset train, Dataset held) = data.Split(0.3, seed: 5);
        Assert.Equal((63, 27), (train.Count, held.Count));
        Assert.Equal(held.Values.ToArray(), held.Targets.ToArray());
        Assert.Equal(train.Values.ToArray(), train.Weights.ToArray());
        Assert.Equal([4f, 5f], data.Slice(4, 2).Targets.ToArray());
        Assert.Equal([4f, 5f], data.Slice(4, 2).Weights.ToArray());
    }

    [Fact]
    public void Data_ThatDoNotFit_AreRefusedWithBothNumbers()
    {
        Assert.Contains("which is not a multiple of 2", Refusal(() => Dataset.FromFloats("bad", new float[6], 2, new float[5], 2)), StringComparison.Ordinal);
        Assert.Contains("3 rows of targets of 2 features each need 6", Refusal(() => Dataset.FromFloats("bad", new float[5], 2, new float[3], 1)), StringComparison.Ordinal);
        Assert.Contains("Target 1 of row 1 is NaN", Refusal(() => Dataset.FromFloats("bad", new float[2], 1, new[] { 1, 2, 3, float.NaN }, 2)), StringComparison.Ordinal);
        Dataset data = Dataset.FromFloats("good", new float[6], 2, new float[3], 1);
        Assert.Contains("weight of row 1 is -1", Refusal(() => data.WithWeights(new[] { 1f, -1, 1 })), StringComparison.Ordinal);
        Assert.Contains("has 2 elements; it needs 3", Refusal(() => data.WithWeights(new float[2])), StringComparison.Ordinal);
        Assert.Contains("one for each target", Refusal(() => data.WithNames(["a", "b"], [])), StringComparison.Ordinal);
        using var classifier = new Mlp(new MlpOptions { Inputs = 2, Outputs = 1 });
        Assert.Contains("needs class labels", Refusal(() => Trainer.Train(classifier, data, new TrainingOptions { BatchSize = 1 })), StringComparison.Ordinal);
        using var wide = new Mlp(new MlpOptions { Inputs = 2, Outputs = 4, Loss = Loss.Huber });
        Assert.Contains("1 targets per row; the network has 4 outputs", Refusal(() => Trainer.Train(wide, data, new TrainingOptions { BatchSize = 1 })), StringComparison.Ordinal);
    }

    private static string Refusal(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;

    private static double Explained(Dataset data, ulong seed)
    {
        (Dataset train, Dataset test) = data.Split(0.25, seed);
        using var mlp = new Mlp(new MlpOptions { Inputs = 10, Outputs = 1, Loss = Loss.MeanSquaredError });
        Trainer.Train(mlp, train, new TrainingOptions { Epochs = 60, BatchSize = 32, Optimizer = Optimizer.Adam(1e-2) }, cancellationToken: Stop);
        double[] targets = [.. test.Targets.ToArray().Select(value => (double)value)];
        return 1 - (mlp.Evaluate(test.AsBatch()).Loss / targets.Average(value => Math.Pow(value - targets.Average(), 2)));
    }

    private static float[] Standardised(double[] column)
    {
        double mean = column.Average(), deviation = Math.Sqrt(column.Average(value => Math.Pow(value - mean, 2)));
        return [.. column.Select(value => (float)((value - mean) / deviation))];
    }
}
