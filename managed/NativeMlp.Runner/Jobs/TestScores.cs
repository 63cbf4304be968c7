// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Metrics;

namespace NativeMlp.Runner.Jobs;

/// <summary>Metrics of a network on the labelled rows of a built-in data set, in addition to loss and accuracy. A value is null if it does not
/// apply or is undefined.</summary>
/// <param name="Auc">The area under the ROC curve.</param>
/// <param name="LogLoss">The log-loss of the probabilities; null for networks that were not trained to predict probabilities.</param>
internal sealed record TestScores(double? Auc, double? LogLoss)
{
    public static TestScores None { get; } = new(null, null);

    public static TestScores Of(Mlp mlp, Dataset test, int threads)
    {
        float[] outputs = new float[(long)test.Count * mlp.Outputs];
        mlp.Predict(test.AsBatch(), outputs, PredictionKind.Probabilities, threads);
        if (test.Labels.Length == 0 || outputs.AsSpan().ContainsAnyExceptInRange(0, 1))
            return None;
        double[] probabilities = Array.ConvertAll(outputs, output => (double)output);
        ClassificationMetrics metrics = mlp.Outputs == 1
            ? ClassificationMetrics.Binary(probabilities, test.Labels) : ClassificationMetrics.Multiclass(probabilities, mlp.Outputs, test.Labels);
        return new TestScores(metrics.RocAuc, GivesProbabilities(mlp) ? metrics.LogLoss : null);
    }

    // With binary cross-entropy and several outputs, the probabilities do not add up to 1.
    private static bool GivesProbabilities(Mlp mlp) =>
        mlp.Options.Loss == Loss.SoftmaxCrossEntropy || (mlp.Options.Loss == Loss.BinaryCrossEntropy && mlp.Outputs == 1);
}
