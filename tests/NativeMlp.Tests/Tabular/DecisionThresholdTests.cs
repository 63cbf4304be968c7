// SPDX-License-Identifier: MIT
using NativeMlp.Tabular.Training;

namespace NativeMlp.Tests.Tabular;

/// <summary>The choice of a threshold between two classes.</summary>
public sealed class DecisionThresholdTests
{
    // Probabilities 0.1 … 0.8; by hand: above 0.25 six rows are predicted positive, 3 rightly.
    private static readonly (double, bool)[] s_rows =
        [(0.1, false), (0.2, false), (0.3, true), (0.4, false), (0.45, true), (0.6, false), (0.7, false), (0.8, true)];

    [Theory]
    [InlineData(ThresholdMetric.Accuracy, 0.75)] // 6 of 8 are right; at 0.25 only 5
    [InlineData(ThresholdMetric.F1, 0.25)] // 2·3/(2·3 + 3 + 0) = 2/3; at 0.75 1/2
    [InlineData(ThresholdMetric.BalancedAccuracy, 0.25)] // (1 + 2/5)/2 = 0.7; at 0.75 (1/3 + 1)/2 = 0.667
    [InlineData(ThresholdMetric.Matthews, 0.75)] // (1·5 − 0·2)/√(1·3·5·7) = 0.488; at 0.25 (3·2 − 3·0)/√(6·3·5·2) = 0.447
    public void Choose_Metric_FindsItsGreatestValue(ThresholdMetric metric, double expected) =>
        Assert.Equal(expected, DecisionThreshold.Choose(metric, s_rows), 1e-12);

    [Fact]
    public void Choose_SeveralThatAreBest_TakesTheNearestToOneHalf() =>
        Assert.Equal(0.5, DecisionThreshold.Choose(ThresholdMetric.Accuracy, [(0.2, false), (0.9, true)]));

    [Fact]
    public void Choose_RowsOfEqualProbability_StayTogether() =>
        Assert.Equal(0.35, DecisionThreshold.Choose(ThresholdMetric.F1, [(0.3, false), (0.4, false), (0.4, true)]), 1e-12);
}
