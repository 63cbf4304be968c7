// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>The importance of a column for a model: the increase of the loss when the values of the column are shuffled.</summary>
public sealed record ColumnImportance
{
    /// <summary>Summarizes the repeats of a column.</summary>
    /// <param name="column">The name of the column.</param>
    /// <param name="increases">The increase of the loss in each repeat; at least one.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There are no repeats.</exception>
    public ColumnImportance(string column, IReadOnlyList<double> increases)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentNullException.ThrowIfNull(increases);
        if (increases.Count == 0) Throw.Argument($"increases is empty; there must be one for each repeat.", nameof(increases));
        Column = column;
        Increases = [.. increases];
        Mean = increases.Average();
        if (increases.Count == 1) return;
        double squares = 0;
        foreach (double increase in increases) squares += (increase - Mean) * (increase - Mean);
        Deviation = Math.Sqrt(squares / (increases.Count - 1));
        HalfWidth = StudentT.TwoSided95(increases.Count - 1) * Deviation / Math.Sqrt(increases.Count);
    }

    /// <summary>The name of the column.</summary>
    public string Column { get; }

    /// <summary>The mean increase of the loss. It is about 0 if the column does not matter, and can be below 0 by chance.</summary>
    public double Mean { get; }

    /// <summary>The standard deviation of the repeats; null for a single repeat.</summary>
    public double? Deviation { get; }

    /// <summary>
    /// Half the width of the 95 % confidence interval of <see cref="Mean"/>, by Student's t distribution; null for a single repeat. It shows
    /// the effect of the choice of the shuffles, not of the choice of the rows.
    /// </summary>
    public double? HalfWidth { get; }

    /// <summary>The increase of the loss in each repeat.</summary>
    public IReadOnlyList<double> Increases { get; }
}
