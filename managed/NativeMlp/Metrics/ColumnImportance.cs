// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>How much a model depends on a column: by how much its loss rises when the values of the column are shuffled.</summary>
public sealed record ColumnImportance
{
    /// <summary>Summarizes the repeats of a column.</summary>
    /// <param name="column">The name of the column.</param>
    /// <param name="increases">The rise of the loss in each repeat, at least one.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There is no repeat.</exception>
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

    /// <summary>The mean rise of the loss: about 0 where the column does not matter, below 0 by chance.</summary>
    public double Mean { get; }

    /// <summary>The standard deviation of the repeats; null of a single one.</summary>
    public double? Deviation { get; }

    /// <summary>
    /// Half the width of the 95 % confidence interval of <see cref="Mean"/>, by Student's t distribution; null of a single repeat. It says
    /// how much the choice of the shuffles matters, not how much the choice of the rows does.
    /// </summary>
    public double? HalfWidth { get; }

    /// <summary>The rise of the loss in each repeat.</summary>
    public IReadOnlyList<double> Increases { get; }
}
