// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>The metrics of one class against all others. An undefined metric is null.</summary>
public sealed record ClassMetrics
{
    /// <summary>The index of the class.</summary>
    public int Class { get; internal init; }

    /// <summary>The weight of the rows of the class: their number if rows have no weights.</summary>
    public double Support { get; internal init; }

    /// <summary>The weight of the rows that were predicted as the class.</summary>
    public double Predicted { get; internal init; }

    /// <summary>The weight of the rows of the class that were predicted as the class.</summary>
    public double TruePositives { get; internal init; }

    /// <summary>The share of the rows predicted as the class that belong to it; null if there are none.</summary>
    public double? Precision { get; internal init; }

    /// <summary>The share of the rows of the class that were predicted as the class; null if there are none.</summary>
    public double? Recall { get; internal init; }

    /// <summary>The harmonic mean of precision and recall, 0 if no row is correct; null if the class has neither rows nor predictions.</summary>
    public double? F1 { get; internal init; }

    /// <summary>The area under the ROC curve of this class against the rest; null if all or none of the rows belong to the class.</summary>
    public double? RocAuc { get; internal init; }

    /// <summary>The average precision (area under the precision-recall curve) of this class against the rest; null if it has no rows.</summary>
    public double? AveragePrecision { get; internal init; }
}
