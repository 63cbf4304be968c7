// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Metrics;
using NativeMlp.Tests.Support;
using NativeMlp.Training;

namespace NativeMlp.Tests;

/// <summary>What scores mean: which class a row has, whether it has one at all, and which rows are right.</summary>
public sealed class AnswersTests
{
    private const int Inputs = 3;

    private static readonly float[] Xor = [0, 0, 0, 1, 1, 0, 1, 1];
    private static readonly int[] XorLabels = [0, 1, 1, 0];

    public static TheoryData<int, Activation> Networks() => new MatrixTheoryData<int, Activation>([2, 10, 16, 17, 33], [Activation.Relu, Activation.Maxout, Activation.Sigmoid]);

    [Theory]
    [MemberData(nameof(Networks))]
    public void PredictClasses_OfARowWithNaN_IsNoClassAndNeverRight(int classes, Activation activation)
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = Inputs, Hidden = [6], Activation = activation, Outputs = classes });
        float[] x = TestData.Normal(2, 70 * Inputs);
        int[] expected = mlp.PredictClasses(Batch.FromRows(x, 70));
        Assert.All(expected, answer => Assert.InRange(answer, 0, classes - 1));
        x[(69 * Inputs) + 1] = float.NaN;
        expected[69] = Mlp.NoClass;
        Assert.Equal(-1, Mlp.NoClass);
        Assert.Equal(expected, mlp.PredictClasses(Batch.FromRows(x, 70)));
        Assert.Equal([Mlp.NoClass], mlp.PredictClasses(Batch.FromRows(x.AsSpan(69 * Inputs), 1)));

        int[] labels = [.. expected[..69], 0]; // the row of NaN was class 0 once
        StepResult result = mlp.Evaluate(Batch.FromRows(x, 70, labels));
        Assert.Equal((double.NaN, 69, 69 / 70.0), (result.Loss, result.Correct, result.Accuracy));
    }

    [Fact]
    public void Evaluate_OfANetworkWithANaNWeight_HasNothingRight()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 1, Outputs = 10, MaxBatch = 1000 });
        mlp.WriteWeights(0, [1, 1, 1, float.NaN, 1, 1, 1, 1, 1, 1]);
        float[] x = [.. Enumerable.Repeat(0.5f, 1000)];
        int[] labels = new int[1000];
        Assert.Equal(0.0, mlp.Evaluate(Batch.FromRows(x, 1000, labels)).Accuracy);
        Assert.Equal(0, mlp.ComputeGradients(Batch.FromRows(x, 1000, labels)).Correct);
        Assert.All(mlp.PredictClasses(Batch.FromRows(x, 1000)), answer => Assert.Equal(Mlp.NoClass, answer));
    }

    [Fact]
    public void ConfusionMatrix_OfARowWithoutAClass_IsWrongAndInNoCell()
    {
        var matrix = new ConfusionMatrix(2);
        matrix.Add(0, 0);
        matrix.Add(1, Mlp.NoClass);
        Assert.Equal((2, 1, 1, 0.5), (matrix.Count, matrix.Correct, matrix.Unclassified, matrix.Accuracy));
        Assert.Equal(1, matrix[0, 0] + matrix[0, 1] + matrix[1, 0] + matrix[1, 1]);
        Assert.Throws<IndexOutOfRangeException>(() => matrix.Add(2, Mlp.NoClass));
        Assert.Throws<IndexOutOfRangeException>(() => matrix.Add(0, -2));
        Assert.Throws<IndexOutOfRangeException>(() => matrix.Add(0, 2));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Batch_WithAMeanThatIsNotFinite_IsRefusedByName(float mean)
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = Inputs, Outputs = 2 });
        ArgumentException e = Assert.Throws<ArgumentOutOfRangeException>(() => mlp.PredictClasses(
            Batch.FromRows(new float[Inputs], 1) with { Mean = new[] { 0, mean, 0 } }));
        Assert.Contains("batch.Mean[1] is " + mean.ToString(System.Globalization.CultureInfo.InvariantCulture), e.Message, StringComparison.Ordinal);
    }

    /// <summary>A validation loss that is not a number is never the best: the weights that come back are finite.</summary>
    [Fact]
    public void EarlyStopping_OnAValidationRowOfNaN_NeverTakesItForTheBest()
    {
        Dataset train = Dataset.FromFloats("train", new float[] { 0, 1, 2, 3 }, 1, new[] { 0, 0, 1, 1 }, 2);
        Dataset bad = Dataset.FromFloats("bad", new[] { float.NaN }, 1, new[] { 0 }, 2);
        using var mlp = new Mlp(new MlpOptions { Inputs = 1, Outputs = 2 });
        var options = new TrainingOptions { Epochs = 9, BatchSize = 4, EarlyStopping = new EarlyStopping(2), Schedule = new LearningRateSchedule.ReduceOnPlateau(0.5, 0) };
        TrainingResult result = Trainer.Train(mlp, train, options, bad, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(TrainingStatus.StoppedEarly, result.Status);
        Assert.Equal(2, result.Epochs.Count);
        Assert.Contains("no epoch had a finite validation loss", result.Message, StringComparison.Ordinal);
        Assert.Equal(0.0, result.Epochs[0].ValidationAccuracy);
        Assert.Equal(0.5 * result.Epochs[0].LearningRate, result.Epochs[1].LearningRate);
    }

    /// <summary>The usual set-up of a yes or no: one output, labels 0 and 1.</summary>
    [Fact]
    public void Train_OfXorWithOneOutput_LearnsClasses0And1()
    {
        Dataset xor = Dataset.FromFloats("xor", Xor, 2, XorLabels, 2);
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Hidden = [8], Activation = Activation.Tanh, Outputs = 1, Loss = Loss.BinaryCrossEntropy });
        Assert.Equal((1, 2), (mlp.Outputs, mlp.Classes));
        TrainingResult result = Trainer.Train(mlp, xor, new TrainingOptions { Epochs = 400, BatchSize = 4, Optimizer = Optimizer.Adam(0.05) },
            cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(XorLabels, mlp.PredictClasses(xor.AsBatch()));
        StepResult measured = mlp.Evaluate(xor.AsBatch());
        Assert.Equal((4, 1.0), (measured.Correct, measured.Accuracy));
        Assert.Equal(1.0, result.Epochs[^1].TrainAccuracy);

        float[] p = new float[4];
        mlp.Predict(xor.AsBatch(), p, PredictionKind.Probabilities);
        Assert.Equal(XorLabels, p.Select(yes => yes > 0.5f ? 1 : 0));
        double loss = p.Zip(XorLabels, (yes, label) => -Math.Log(label == 1 ? yes : 1 - yes)).Average();
        Assert.Equal(loss, measured.Loss, 1e-6);
    }

    [Fact]
    public void Labels_OfOneOutputBeyond1_AreRefused()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 1, Loss = Loss.BinaryCrossEntropy });
        ArgumentException e = Assert.Throws<ArgumentOutOfRangeException>(() => mlp.Evaluate(Batch.FromRows(Xor, 4, [0, 1, 2, 0])));
        Assert.Contains("batch.Labels[2] is 2; with 2 classes", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Each output a yes or no of its own: right is a row of which all are, NaN is never.</summary>
    [Fact]
    public void Evaluate_OfManyYesOrNos_CountsWholeRows()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2, Loss = Loss.BinaryCrossEntropy });
        mlp.WriteWeights(0, [1, 0, 0, 1]); // scores are features
        float[] x = [1, 1, 1, -1, float.NaN, -1], targets = [1, 1, 1, 1, 0, 0];
        StepResult result = mlp.Evaluate(Batch.FromRows(x, 3) with { Targets = targets });
        Assert.Equal((1, 1 / 3.0), (result.Correct, result.Accuracy));
        Assert.Equal([0, 0, Mlp.NoClass], mlp.PredictClasses(Batch.FromRows(x, 3)));
    }

    [Theory]
    [InlineData(Loss.MeanSquaredError)]
    [InlineData(Loss.Huber)]
    public void Regression_OfOneOutput_HasNeitherClassesNorAccuracy(Loss loss)
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 1, Loss = loss });
        Batch targeted = Batch.FromRows(Xor, 4) with { Targets = new float[] { 0, 1, 1, 0 } };
        Assert.Equal(0, mlp.Classes);
        Assert.Null(mlp.Evaluate(targeted).Accuracy);
        Assert.Null(mlp.TrainStep(targeted, Optimizer.Sgd(0.1)).Accuracy);
        InvalidOperationException none = Assert.Throws<InvalidOperationException>(() => mlp.PredictClasses(Batch.FromRows(Xor, 4)));
        Assert.Contains("call Predict", none.Message, StringComparison.Ordinal);
        ArgumentException labelled = Assert.Throws<ArgumentException>(() => mlp.TrainStep(Batch.FromRows(Xor, 4, [0, 0, 0, 0]), Optimizer.Sgd(0.1)));
        Assert.Contains("Use batch.Targets instead", labelled.Message, StringComparison.Ordinal);
        Dataset numbers = Dataset.FromFloats("numbers", Xor, 2, new float[] { 0, 1, 1, 0 }, 1), xor = Dataset.FromFloats("xor", Xor, 2, XorLabels, 2);
        EpochReport report = Trainer.Train(mlp, numbers, new TrainingOptions { Epochs = 1, BatchSize = 4 }, numbers, cancellationToken: TestContext.Current.CancellationToken).Epochs[0];
        Assert.Null(report.TrainAccuracy);
        Assert.Null(report.ValidationAccuracy);
        Assert.Throws<ArgumentException>(() => Trainer.Train(mlp, xor, new TrainingOptions { BatchSize = 4 }, cancellationToken: TestContext.Current.CancellationToken));
    }

    /// <summary>Labels of a squared error with several outputs stand for 1 at the class and 0 elsewhere: a classification.</summary>
    [Fact]
    public void SquaredError_WithLabels_IsAClassification()
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2, Loss = Loss.MeanSquaredError });
        mlp.WriteWeights(0, [1, 0, 0, 1]);
        float[] x = [2, 1, 0, 1, 3, 4];
        StepResult result = mlp.Evaluate(Batch.FromRows(x, 3, [0, 1, 0]));
        Assert.Equal((2, 2 / 3.0), (result.Correct, result.Accuracy));
        Assert.Equal((1 + 1 + 0 + 0 + 4 + 16) / 6.0, result.Loss, 1e-6);
        Assert.Equal([0, 1, 1], mlp.PredictClasses(Batch.FromRows(x, 3)));
        Assert.Null(mlp.Evaluate(Batch.FromRows(x, 3) with { Targets = x }).Accuracy);
    }

    /// <summary>Without a learning rate the loss of each row is its own: 1, 1, 1, 1 and 9 in batches of four and one.</summary>
    [Fact]
    public void Train_WithASmallLastBatch_WeighsItByItsRows()
    {
        Dataset data = Dataset.FromFloats("five", new float[] { 0, 0, 0, 0, 4 }, 1, new[] { 0, 0, 0, 0, 1 }, 2);
        using var mlp = new Mlp(new MlpOptions { Inputs = 1, Outputs = 2, Loss = Loss.MeanSquaredError });
        mlp.WriteWeights(0, [1, 0]); // scores are (x, 0)
        var options = new TrainingOptions { Epochs = 1, BatchSize = 4, Sampling = BatchSampling.InOrder, Optimizer = Optimizer.Sgd(0) };
        EpochReport report = Trainer.Train(mlp, data, options, data, cancellationToken: TestContext.Current.CancellationToken).Epochs[0];
        double first = 0.5, last = (16 + 1) / 2.0; // (0, 0) for (1, 0), and (4, 0) for (0, 1)
        Assert.Equal(((4 * first) + last) / 5, report.TrainLoss, 1e-12); // not (first + last) / 2
        Assert.Equal(report.TrainLoss, report.ValidationLoss!.Value, 1e-12);
        Assert.Equal(0.8, report.TrainAccuracy);
        Assert.Equal(0.8, report.ValidationAccuracy);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-50)] // 0 as a float
    public void NormMomentum_OfZero_IsRefused(double momentum)
    {
        ArgumentException e = Assert.Throws<ArgumentOutOfRangeException>(() => new Mlp(new MlpOptions { Inputs = 1, Outputs = 1, NormMomentum = momentum }));
        Assert.Contains("NormMomentum", e.Message, StringComparison.Ordinal);
        Assert.Contains("greater than 0 and at most 1", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1UL << 63)]
    [InlineData(ulong.MaxValue)]
    public void Progress_OfStepsThatWouldOverflow_IsRefused(ulong steps)
    {
        using var mlp = new Mlp(new MlpOptions { Inputs = 1, Outputs = 1 });
        ArgumentException e = Assert.Throws<ArgumentOutOfRangeException>(() => mlp.OptimizerState = mlp.OptimizerState with { Steps = steps });
        Assert.Contains("Steps", e.Message, StringComparison.Ordinal);
        Assert.Equal(0UL, mlp.OptimizerState.Steps);
    }
}
