// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Metrics;

namespace NativeMlp.Tests.Metrics;

/// <summary>Metrics are those of scikit-learn: on ties, with weights, with classes that have no rows or no predictions.</summary>
public sealed class ScikitLearnTests
{
    public static TheoryData<string> Binaries => MetricsCase.Names("binary");

    public static TheoryData<string> Multiclasses => MetricsCase.Names("multiclass");

    public static TheoryData<string> Multilabels => MetricsCase.Names("multilabel");

    public static TheoryData<string> Regressions => MetricsCase.Names("regression");

    [Theory]
    [MemberData(nameof(Binaries))]
    public void Binary_OfStoredScores_IsScikitLearns(string name)
    {
        MetricsCase stored = MetricsCase.Find("binary", name);
        AssertEqual(stored.Expected, ClassificationMetrics.Binary(stored.Scores, stored.Labels, stored.Weights, stored.Predicted));
    }

    /// <summary>The probability of both classes says the same as that of class 1.</summary>
    [Theory]
    [MemberData(nameof(Binaries))]
    public void Multiclass_OfTwoClasses_IsBinary(string name)
    {
        MetricsCase stored = MetricsCase.Find("binary", name);
        double[] both = [.. stored.Scores.SelectMany(p => new[] { 1 - p, p })];
        AssertEqual(stored.Expected, ClassificationMetrics.Multiclass(both, 2, stored.Labels, stored.Weights, stored.Predicted));
    }

    [Theory]
    [MemberData(nameof(Multiclasses))]
    public void Multiclass_OfStoredScores_IsScikitLearns(string name)
    {
        MetricsCase stored = MetricsCase.Find("multiclass", name);
        AssertEqual(stored.Expected, ClassificationMetrics.Multiclass(stored.Scores, stored.Number("classes"), stored.Labels, stored.Weights));
    }

    [Theory]
    [MemberData(nameof(Multilabels))]
    public void Multilabel_OfStoredScores_IsScikitLearns(string name)
    {
        MetricsCase stored = MetricsCase.Find("multilabel", name);
        MultilabelMetrics actual = MultilabelMetrics.Compute(stored.Scores, stored.Number("labels_per_row"), stored.Truth, stored.Weights);
        MetricsCase.AssertEqual(stored.Expected, "subset_accuracy", actual.SubsetAccuracy);
        MetricsCase.AssertEqual(stored.Expected, "hamming_loss", actual.HammingLoss);
        MetricsCase.AssertEqual(stored.Expected, "micro_f1", actual.MicroF1);
        MetricsCase.AssertEqual(stored.Expected, "macro_f1", actual.MacroF1);
        MetricsCase.AssertEqual(stored.Expected, "weighted_f1", actual.WeightedF1);
        MetricsCase.AssertEqual(stored.Expected, "roc_auc", actual.RocAuc);
        MetricsCase.AssertEqual(stored.Expected, "average_precision", actual.AveragePrecision);
        MetricsCase.AssertEqual(stored.Expected, "log_loss", actual.LogLoss);
        MetricsCase.AssertEqual(stored.Expected, "brier", actual.Brier);
    }

    [Theory]
    [MemberData(nameof(Regressions))]
    public void Regression_OfStoredPredictions_IsScikitLearns(string name)
    {
        MetricsCase stored = MetricsCase.Find("regression", name);
        RegressionMetrics actual = RegressionMetrics.Compute(stored.Scores, stored.Values, stored.Weights);
        MetricsCase.AssertEqual(stored.Expected, "mean_absolute_error", actual.MeanAbsoluteError);
        MetricsCase.AssertEqual(stored.Expected, "root_mean_squared_error", actual.RootMeanSquaredError);
        MetricsCase.AssertEqual(stored.Expected, "r_squared", actual.RSquared);
        MetricsCase.AssertEqual(stored.Expected, "mean_error", actual.MeanError);
        MetricsCase.AssertEqual(stored.Expected, "median_absolute_error", actual.MedianAbsoluteError);
        MetricsCase.AssertEqual(stored.Expected, "max_error", actual.MaxError);
        double[] quantiles = [.. stored.Expected.GetProperty("error_quantiles").EnumerateArray().Select(q => q.GetDouble())];
        Assert.Equal([0.05, 0.25, 0.5, 0.75, 0.95], actual.ErrorQuantiles.Select(q => q.Level));
        Assert.All(quantiles.Zip(actual.ErrorQuantiles), pair => Assert.Equal(pair.First, pair.Second.Error, 1e-9));
    }

    private static void AssertEqual(JsonElement expected, ClassificationMetrics actual)
    {
        MetricsCase.AssertEqual(expected, "accuracy", actual.Accuracy);
        MetricsCase.AssertEqual(expected, "balanced_accuracy", actual.BalancedAccuracy);
        MetricsCase.AssertEqual(expected, "macro_f1", actual.MacroF1);
        MetricsCase.AssertEqual(expected, "weighted_f1", actual.WeightedF1);
        MetricsCase.AssertEqual(expected, "matthews", actual.Matthews);
        MetricsCase.AssertEqual(expected, "roc_auc", actual.RocAuc);
        MetricsCase.AssertEqual(expected, "average_precision", actual.AveragePrecision);
        MetricsCase.AssertEqual(expected, "log_loss", actual.LogLoss);
        MetricsCase.AssertEqual(expected, "brier", actual.Brier);
        MetricsCase.AssertEqual(expected, "calibration_error", actual.CalibrationError);
        JsonElement[] classes = [.. expected.GetProperty("classes").EnumerateArray()];
        Assert.Equal(classes.Length, actual.Classes.Count);
        Assert.All(actual.Classes, c => AssertEqual(classes[c.Class], c));
    }

    private static void AssertEqual(JsonElement expected, ClassMetrics actual)
    {
        MetricsCase.AssertEqual(expected, "support", actual.Support);
        MetricsCase.AssertEqual(expected, "predicted", actual.Predicted);
        MetricsCase.AssertEqual(expected, "precision", actual.Precision);
        MetricsCase.AssertEqual(expected, "recall", actual.Recall);
        MetricsCase.AssertEqual(expected, "f1", actual.F1);
        MetricsCase.AssertEqual(expected, "roc_auc", actual.RocAuc);
        MetricsCase.AssertEqual(expected, "average_precision", actual.AveragePrecision);
    }
}
