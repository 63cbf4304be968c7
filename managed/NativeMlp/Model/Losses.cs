// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>What each loss is held against; the library's own list is losses.def.</summary>
internal static class Losses
{
    /// <summary>Whether it takes targets, made from the labels where there are none; else it needs labels.</summary>
    public static bool TakesTargets(this Loss loss) =>
        loss is Loss.BinaryCrossEntropy or Loss.MeanSquaredError or Loss.Huber;

    /// <summary>Whether rows of a batch can be right or wrong; targets of a regression are only far or near.</summary>
    public static bool Judges(this Loss loss, in Batch batch) =>
        !batch.Labels.IsEmpty || loss == Loss.BinaryCrossEntropy;
}
