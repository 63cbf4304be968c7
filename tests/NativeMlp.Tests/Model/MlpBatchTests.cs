// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests;

/// <summary>What a batch may be: its sizes, pitch, indices and labels; and how prediction takes it in pieces.</summary>
public sealed class MlpBatchTests
{
    private const int Inputs = 9;
    private const int Outputs = 4;
    private const int MaxBatch = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(19)]
    [InlineData(MaxBatch)]
    public void TrainStep_OfUpToTheGreatestBatch_IsTaken(int rows)
    {
        using Mlp mlp = Make();
        StepResult result = mlp.TrainStep(Batch.FromRows(TestData.Normal(1, rows * Inputs), rows, TestData.Labels(rows, Outputs)), Optimizer.Adam());
        Assert.Equal(rows, result.Rows);
        Assert.InRange(result.Correct, 0, rows);
        Assert.True(double.IsFinite(result.Loss));
    }

    [Fact]
    public void TrainStep_OfMoreIndicesThanTheGreatestBatch_IsRefusedWithBothNumbers()
    {
        using Mlp mlp = Make();
        ArgumentException e = Assert.ThrowsAny<ArgumentException>(() => mlp.TrainStep(
            Batch.FromRows(new float[5 * Inputs], 5, new int[5]) with { Indices = new int[21] }, Optimizer.Sgd(0.1)));
        Assert.Contains("21", e.Message, StringComparison.Ordinal);
        Assert.Contains("20", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Steps that are refused, by words of the message.</summary>
    private static readonly Dictionary<string, Action<Mlp, float[], int[]>> BadSteps = new()
    {
        ["Indices[2] is -1 20"] = (mlp, x, labels) => mlp.TrainStep(Batch.FromRows(x, 20, labels) with { Indices = new[] { 0, 19, -1 } }, Optimizer.Sgd(0.1)),
        ["Indices[0] is 20"] = (mlp, x, labels) => mlp.TrainStep(Batch.FromRows(x, 20, labels) with { Indices = new[] { 20 } }, Optimizer.Sgd(0.1)),
        ["Labels[19] is 4 3"] = (mlp, x, labels) => mlp.TrainStep(Batch.FromRows(x, 20, [.. labels[..19], 4]), Optimizer.Sgd(0.1)),
        ["Labels[3] is -1 3"] = (mlp, x, labels) => mlp.TrainStep(Batch.FromRows(x, 20, [.. labels[..3], -1, .. labels[4..]]), Optimizer.Sgd(0.1)),
        ["no rows"] = (mlp, _, _) => mlp.TrainStep(Batch.FromRows(ReadOnlySpan<float>.Empty, 0), Optimizer.Sgd(0.1)),
        ["LeadingDimension is 8 9"] = (mlp, x, labels) => mlp.TrainStep(Batch.FromRows(x, 20, labels) with { LeadingDimension = 8 }, Optimizer.Sgd(0.1)),
        ["has 180 199"] = (mlp, x, labels) => mlp.TrainStep(Batch.FromRows(x, 20, labels) with { LeadingDimension = 10 }, Optimizer.Sgd(0.1)),
        ["Scale is NaN"] = (mlp, x, labels) => mlp.TrainStep(Batch.FromRows(x, 20, labels) with { Scale = float.NaN }, Optimizer.Sgd(0.1)),
        ["LearningRate is -1"] = (mlp, x, labels) => mlp.TrainStep(Batch.FromRows(x, 20, labels), Optimizer.Sgd(-1)),
        ["Kind is 9"] = (mlp, x, labels) => mlp.TrainStep(Batch.FromRows(x, 20, labels), Optimizer.Sgd(0.1) with { Kind = (OptimizerKind)9 }),
        ["l2 is -1"] = (mlp, x, labels) => mlp.ComputeGradients(Batch.FromRows(x, 20, labels), l2: -1),
        ["threads is 2000 1024"] = (mlp, x, labels) => mlp.Evaluate(Batch.FromRows(x, 20, labels), threads: 2000),
        ["kind is 7"] = (mlp, x, _) => mlp.Predict(Batch.FromRows(x, 20), new float[80], (PredictionKind)7),
        ["classes has 19 20"] = (mlp, x, _) => mlp.PredictClasses(Batch.FromRows(x, 20), new int[19]),
        ["overlaps"] = (mlp, x, _) => mlp.Predict(Batch.FromRows(x, 20), x),
    };

    public static TheoryData<string> Refusals() => [.. BadSteps.Keys];

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Batch_ThatDoesNotFit_IsRefusedAndChangesNothing(string words)
    {
        using Mlp mlp = Make();
        float[] before = TestData.Parameters(mlp);
        ArgumentException e = Assert.ThrowsAny<ArgumentException>(() => BadSteps[words](mlp, TestData.Normal(1, 20 * Inputs), TestData.Labels(20, Outputs)));
        Assert.All(words.Split(' '), word => Assert.Contains(word, e.Message, StringComparison.Ordinal));
        Assert.Equal(before, TestData.Parameters(mlp));
        Assert.Equal(0UL, mlp.OptimizerState.Steps);
    }

    [Fact]
    public void TrainStep_WithGapsBetweenRows_ReadsOnlyTheRows()
    {
        const int pitch = Inputs + 5;
        float[] x = TestData.Normal(1, 12 * Inputs), spread = [.. Enumerable.Repeat(float.NaN, 12 * pitch)];
        for (int row = 0; row < 12; row++)
            x.AsSpan(row * Inputs, Inputs).CopyTo(spread.AsSpan(row * pitch));

        using Mlp one = Make();
        using Mlp other = Make();
        int[] labels = TestData.Labels(12, Outputs);
        StepResult expected = one.TrainStep(Batch.FromRows(x, 12, labels), Optimizer.Adam());
        Assert.Equal(expected, other.TrainStep(Batch.FromRows(spread, 12, labels) with { LeadingDimension = pitch }, Optimizer.Adam()));
        Assert.Equal(TestData.Parameters(one), TestData.Parameters(other));
    }

    [Fact]
    public void Evaluate_OfManyRows_DoesNotDependOnThreadsOrPieces()
    {
        const int rows = 3001; // far more than a training step may have, and no multiple of anything
        using Mlp mlp = Make();
        float[] x = TestData.Normal(1, rows * Inputs), scores = new float[rows * Outputs];
        int[] labels = TestData.Labels(rows, Outputs);
        mlp.Predict(Batch.FromRows(x, rows), scores);
        StepResult expected = mlp.Evaluate(Batch.FromRows(x, rows, labels), threads: 1);
        Assert.Equal(rows, expected.Rows);
        foreach (int threads in new[] { 2, 3, 5 })
        {
            float[] again = new float[rows * Outputs];
            mlp.Predict(Batch.FromRows(x, rows), again, threads: threads);
            Assert.Equal(scores, again);
            Assert.Equal(expected, mlp.Evaluate(Batch.FromRows(x, rows, labels), threads));
        }

        float[] single = new float[Outputs];
        foreach (int row in new[] { 0, 1, 19, 20, 512, rows - 1 })
        {
            mlp.Predict(Batch.FromRows(x.AsSpan(row * Inputs, Inputs), 1), single);
            Assert.Equal(scores.AsSpan(row * Outputs, Outputs).ToArray(), single);
        }
    }

    [Fact]
    public void Predict_ByIndices_GivesTheirRowsInTheirOrder()
    {
        using Mlp mlp = Make();
        float[] x = TestData.Normal(1, 50 * Inputs), all = new float[50 * Outputs], some = new float[3 * Outputs];
        mlp.Predict(Batch.FromRows(x, 50), all);
        mlp.Predict(Batch.FromRows(x, 50) with { Indices = new[] { 49, 0, 49 } }, some);
        Assert.Equal([.. all[(49 * Outputs)..], .. all[..Outputs], .. all[(49 * Outputs)..]], some);
        Assert.Equal(mlp.PredictClasses(Batch.FromRows(x, 50))[49], mlp.PredictClasses(Batch.FromRows(x, 50) with { Indices = new[] { 49 } })[0]);
    }

    [Fact]
    public void Predict_OfProbabilities_IsTheSoftmaxOfTheScores()
    {
        using Mlp mlp = Make();
        float[] x = TestData.Normal(1, 50 * Inputs), scores = new float[50 * Outputs], p = new float[50 * Outputs], expected = new float[50 * Outputs];
        mlp.Predict(Batch.FromRows(x, 50), scores);
        mlp.Predict(Batch.FromRows(x, 50), p, PredictionKind.Probabilities);
        Kernels.Softmax(50, Outputs, scores, expected);
        Assert.Equal(expected, p);
    }

    [Fact]
    public void TrainStep_OfTheLinearClassifier_IsTheKernelsOneByOne()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = Inputs, Outputs = Outputs, MaxBatch = MaxBatch });
        float[] w = new float[Inputs * Outputs], b = new float[Outputs], x = TestData.Normal(1, MaxBatch * Inputs);
        int[] labels = TestData.Labels(MaxBatch, Outputs);
        mlp.ReadWeights(0, w);
        float[] scores = new float[MaxBatch * Outputs], d = new float[MaxBatch * Outputs], dw = new float[w.Length], db = new float[Outputs];
        Kernels.DenseForward(MaxBatch, Outputs, Inputs, x, w, b, scores);
        StepResult expected = Kernels.SoftmaxCrossEntropy(MaxBatch, Outputs, scores, labels, d);
        Kernels.DenseBackward(MaxBatch, Outputs, Inputs, x, w, scores, d, [], dw, db);
        Kernels.Update(Optimizer.Sgd(0.1), w, dw);
        Kernels.Update(Optimizer.Sgd(0.1), b, db);
        Assert.Equal(expected, mlp.TrainStep(Batch.FromRows(x, MaxBatch, labels), Optimizer.Sgd(0.1)));
        Assert.Equal([.. w, .. b], TestData.Parameters(mlp)); // whole step or single kernels: the same bits
    }

    private static Mlp Make() => new(new MlpOptions { Inputs = Inputs, Hidden = [16], Outputs = Outputs, MaxBatch = MaxBatch });
}
