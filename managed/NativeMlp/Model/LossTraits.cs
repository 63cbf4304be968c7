// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>The properties of the losses. The native library has its own list, losses.def.</summary>
internal static class LossTraits
{
    /// <summary>Whether it uses targets, which are computed from labels if necessary. Otherwise it needs labels.</summary>
    public static bool TakesTargets(this Loss loss) =>
        loss is Loss.BinaryCrossEntropy or Loss.MeanSquaredError or Loss.Huber;

    /// <summary>Whether the rows of a batch can be correct or incorrect, which is not the case for a regression.</summary>
    public static bool Judges(this Loss loss, in Batch batch) =>
        !batch.Labels.IsEmpty || loss == Loss.BinaryCrossEntropy;

    /// <summary>Whether the weight of a row is multiplied by its class weight.</summary>
    public static bool WeighsRowsByClass(this Loss loss) => loss == Loss.SoftmaxCrossEntropy;

    /// <summary>Whether it uses <see cref="MlpOptions.LabelSmoothing"/>.</summary>
    public static bool SmoothsLabels(this Loss loss) => loss == Loss.SoftmaxCrossEntropy;

    /// <summary>Whether it uses <see cref="MlpOptions.LossDelta"/>.</summary>
    public static bool HasDelta(this Loss loss) => loss is Loss.Huber or Loss.MulticlassHinge;
}
