// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;

namespace NativeMlp.Tests.Metrics;

/// <summary>What metrics are where there is nothing to measure, and what they refuse.</summary>
public sealed class MetricsTests
{
    [Fact]
    public void Binary_WithoutRows_IsNull()
    {
        ClassificationMetrics none = ClassificationMetrics.Binary([], []);
        Assert.Equal((0, 0), (none.Rows, none.Weight));
        Assert.All(AllOf(none), Assert.Null);
        Assert.All(none.Classes, c => Assert.Equal((null, null, null, null, null), (c.Precision, c.Recall, c.F1, c.RocAuc, c.AveragePrecision)));
    }

    [Fact]
    public void Multiclass_WhereAllWeightsAre0_IsNull() =>
        Assert.All(AllOf(ClassificationMetrics.Multiclass([0.5, 0.25, 0.25, 0.25, 0.5, 0.25], 3, [0, 1], [0, 0])), Assert.Null);

    /// <summary>A row without a probability is predicted wrong; what is said about probabilities is not defined.</summary>
    [Fact]
    public void Binary_OfAProbabilityOfNaN_CountsTheRowAsWrong()
    {
        ClassificationMetrics metrics = ClassificationMetrics.Binary([0.9, double.NaN, 0.1, 0.2], [1, 1, 0, 0]);
        Assert.Equal((0.75, 0.75), (metrics.Accuracy, metrics.BalancedAccuracy));
        Assert.Equal((2, 1, 1, 0.5), (metrics.Classes[1].Support, metrics.Classes[1].Predicted, metrics.Classes[1].Precision, metrics.Classes[1].Recall));
        Assert.Equal((null, null, null, null, null), (metrics.RocAuc, metrics.AveragePrecision, metrics.LogLoss, metrics.Brier, metrics.CalibrationError));
    }

    /// <summary>Having no class counts as a prediction of its own: (3·4 − 6)/√(8 · 10).</summary>
    [Fact]
    public void Matthews_OfARowWithoutAClass_IsACorrelationWithThreePredictions() => Assert.Equal(
        6 / Math.Sqrt(80), ClassificationMetrics.Binary([0.9, double.NaN, 0.1, 0.2], [1, 1, 0, 0]).Matthews!.Value, 1e-12);

    /// <summary>With weights a quantile is a value that occurs, also where two would share the place.</summary>
    [Fact]
    public void Quantile_OfWeightedRows_IsTheSmallestThatReachesTheShare()
    {
        Assert.Equal(2, RegressionMetrics.Compute([1, 2, 3, 4], new double[4], [1, 1, 1, 1]).MedianAbsoluteError);
        Assert.Equal(2.5, RegressionMetrics.Compute([1, 2, 3, 4], new double[4]).MedianAbsoluteError);
    }

    [Fact]
    public void Multilabel_OfAProbabilityOfNaN_CountsTheLabelAsWrong()
    {
        MultilabelMetrics metrics = MultilabelMetrics.Compute([0.9, double.NaN, 0.1, 0.8], 2, [true, false, false, true]);
        Assert.Equal((0.5, 0.25), (metrics.SubsetAccuracy, metrics.HammingLoss));
        Assert.Equal(1.0, metrics.RocAuc); // that of the other label
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Regression_OfAPredictionThatIsNotFinite_IsNull(double prediction)
    {
        RegressionMetrics metrics = RegressionMetrics.Compute([1, prediction], [1, 2]);
        Assert.Equal((2, null, null, null), (metrics.Rows, metrics.MeanAbsoluteError, metrics.RootMeanSquaredError, metrics.RSquared));
        Assert.Equal((null, null, null), (metrics.MeanError, metrics.MedianAbsoluteError, metrics.MaxError));
        Assert.Empty(metrics.ErrorQuantiles);
    }

    [Fact]
    public void Regression_WithoutRows_IsNull() => Assert.Null(RegressionMetrics.Compute([], []).MeanAbsoluteError);

    /// <summary>A weight of 2 is a row that is there twice.</summary>
    [Fact]
    public void Weights_OfWholeNumbers_AreRowsRepeated()
    {
        double[] scores = [0.2, 0.7, 0.7, 0.4];
        int[] labels = [0, 1, 0, 1];
        ClassificationMetrics weighted = ClassificationMetrics.Binary(scores, labels, [2, 1, 0, 3]);
        ClassificationMetrics repeated = ClassificationMetrics.Binary([0.2, 0.2, 0.7, 0.4, 0.4, 0.4], [0, 0, 1, 1, 1, 1]);
        Assert.Equal(repeated.Weight, weighted.Weight);
        Assert.All(AllOf(repeated).Zip(AllOf(weighted)), pair => Assert.Equal(pair.First!.Value, pair.Second!.Value, 1e-12));
    }

    [Fact]
    public void Binary_OfAProbabilityAbove1_NamesIt()
    {
        ArgumentException e = Assert.Throws<ArgumentOutOfRangeException>(() => ClassificationMetrics.Binary([0.5, 1.5], [0, 1]));
        Assert.Contains("probabilities[1] is 1.5; a probability is from 0 to 1.", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void Binary_OfALabelThatIsNoClass_NamesIt(int label)
    {
        ArgumentException e = Assert.Throws<ArgumentOutOfRangeException>(() => ClassificationMetrics.Binary([0.5, 0.5], [0, label]));
        Assert.Contains($"labels[1] is {label}; with 2 classes it must be from 0 to 1.", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Weight_ThatIsNegativeOrNotFinite_IsNamed(double weight)
    {
        ArgumentException e = Assert.Throws<ArgumentOutOfRangeException>(() => RegressionMetrics.Compute([1, 2], [1, 2], [1, weight]));
        Assert.Contains("weights[1] is ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lengths_ThatDoNotFit_AreNamed()
    {
        Assert.Contains("probabilities has 3 elements; it needs 2", Message(() => ClassificationMetrics.Binary([0.5, 0.5, 0.5], [0, 1])), StringComparison.Ordinal);
        Assert.Contains("predicted has 1 elements; it needs 2", Message(() => ClassificationMetrics.Binary([0.5, 0.5], [0, 1], predicted: [1])), StringComparison.Ordinal);
        Assert.Contains("weights has 1 elements; it needs 2", Message(() => ClassificationMetrics.Binary([0.5, 0.5], [0, 1], [1])), StringComparison.Ordinal);
        Assert.Contains("predicted has 1 elements; it needs 2", Message(() => RegressionMetrics.Compute([1], [1, 2])), StringComparison.Ordinal);
        Assert.Contains("which is not a multiple of 2 labels", Message(() => MultilabelMetrics.Compute([1, 1, 1], 2, [true, true, true])), StringComparison.Ordinal);
        Assert.Contains("classes is 1", Message(() => ClassificationMetrics.Multiclass([1], 1, [0])), StringComparison.Ordinal);
    }

    [Fact]
    public void PortableLog_OfNumbersFromTheSmallestProbabilityTo1_IsTheLogarithm()
    {
        for (double x = 1.0 / (1L << 52); x <= 1; x *= 1.0009765625)
            Assert.InRange(PortableLog.Of(x), Math.Log(x) * (1 + 4e-16), Math.Log(x) * (1 - 4e-16));
        Assert.Equal((0, -Math.Log(2)), (PortableLog.Of(1), PortableLog.Of(0.5)));
        Assert.Equal(-1.1102230246251565e-16, PortableLog.Of(Math.BitDecrement(1.0)), 1e-31); // ln(1 − ε) = −ε − ε²/2
    }

    private static string Message(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;

    private static double?[] AllOf(ClassificationMetrics m) =>
        [m.Accuracy, m.BalancedAccuracy, m.MacroF1, m.WeightedF1, m.RocAuc, m.AveragePrecision, m.LogLoss, m.Brier, m.CalibrationError, m.Matthews];
}
