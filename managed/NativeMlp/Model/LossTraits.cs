// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>What tells one loss from another; the native library's own list is losses.def.</summary>
internal static class LossTraits
{
    /// <summary>Whether it takes targets, made from the labels where there are none; else it needs labels.</summary>
    public static bool TakesTargets(this Loss loss) =>
        loss is Loss.BinaryCrossEntropy or Loss.MeanSquaredError or Loss.Huber;

    /// <summary>Whether rows of a batch can be right or wrong; targets of a regression are only far or near.</summary>
    public static bool Judges(this Loss loss, in Batch batch) =>
        !batch.Labels.IsEmpty || loss == Loss.BinaryCrossEntropy;

    /// <summary>Whether a row weighs as much as its label's class.</summary>
    public static bool WeighsRowsByClass(this Loss loss) => loss == Loss.SoftmaxCrossEntropy;

    /// <summary>Whether it uses <see cref="MlpOptions.LabelSmoothing"/>.</summary>
    public static bool SmoothsLabels(this Loss loss) => loss == Loss.SoftmaxCrossEntropy;

    /// <summary>Whether it uses <see cref="MlpOptions.LossDelta"/>.</summary>
    public static bool HasDelta(this Loss loss) => loss is Loss.Huber or Loss.MulticlassHinge;
}
