// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Training;

/// <summary>What the decision threshold of two classes is chosen for.</summary>
public enum ThresholdMetric
{
    /// <summary>The part of the rows that are right.</summary>
    Accuracy,

    /// <summary>The mean over the classes of the part of their rows that are right.</summary>
    BalancedAccuracy,

    /// <summary>The F1 score of the positive class.</summary>
    F1,

    /// <summary>Matthews' correlation coefficient.</summary>
    Matthews,
}
