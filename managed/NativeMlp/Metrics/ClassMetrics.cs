// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>How well one class is told from all others. What is not defined is null.</summary>
public sealed record ClassMetrics
{
    /// <summary>The number of the class.</summary>
    public int Class { get; internal init; }

    /// <summary>The weight of the rows of the class: their number where rows have no weights.</summary>
    public double Support { get; internal init; }

    /// <summary>The weight of the rows that were predicted to be of the class.</summary>
    public double Predicted { get; internal init; }

    /// <summary>The weight of the rows of the class that were predicted to be.</summary>
    public double TruePositives { get; internal init; }

    /// <summary>Of the rows predicted to be of the class, the share that is; null where none was predicted.</summary>
    public double? Precision { get; internal init; }

    /// <summary>Of the rows of the class, the share that was predicted to be; null where there are none.</summary>
    public double? Recall { get; internal init; }

    /// <summary>The harmonic mean of precision and recall, 0 where none is right; null where the class has no rows and no predictions.</summary>
    public double? F1 { get; internal init; }

    /// <summary>The area under the ROC curve of this class against the rest; null where all or none of the rows are of the class.</summary>
    public double? RocAuc { get; internal init; }

    /// <summary>The average precision (area under the precision-recall curve) of this class against the rest; null where it has no rows.</summary>
    public double? AveragePrecision { get; internal init; }
}
