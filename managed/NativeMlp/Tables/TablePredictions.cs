// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables;

/// <summary>What a model answers for the rows of a table.</summary>
public sealed class TablePredictions
{
    private readonly double[] _values;

    internal TablePredictions(TableLabels labels, double threshold, double[] values) => (Labels, Threshold, _values) = (labels, threshold, values);

    /// <summary>What the values mean.</summary>
    public TableLabels Labels { get; }

    /// <summary>The probability that the positive of two classes, or a label of several, must exceed to be the answer.</summary>
    public double Threshold { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount => _values.Length / Width;

    /// <summary>For each row the probability of each class or label, or the value of each target in its own units,
    /// <c>[rows × Labels.Names.Count]</c>.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>For each column that the model reads, how often it had to answer without a value.</summary>
    public IReadOnlyList<CellCounts> Cells { get; internal init; } = [];

    private int Width => Labels.Names.Count;

    /// <summary>The values of a row.</summary>
    public ReadOnlySpan<double> this[int row] => _values.AsSpan(row * Width, Width);

    /// <summary>The class of a row, counted from 0.</summary>
    /// <exception cref="InvalidOperationException">The rows have no classes.</exception>
    public int ClassOf(int row) => Labels.ClassOf(this[row], Threshold);
}

/// <summary>What a model answers for one row.</summary>
public sealed class TablePrediction
{
    private readonly double[] _values;
    private readonly double _threshold;

    internal TablePrediction(TableLabels labels, double threshold, double[] values) => (Labels, _threshold, _values) = (labels, threshold, values);

    /// <summary>What the values mean.</summary>
    public TableLabels Labels { get; }

    /// <summary>The probability of each class or label, or the value of each target in its own units, in the order of
    /// <see cref="TableLabels.Names"/>.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Columns whose value was missing.</summary>
    public int Missing { get; internal init; }

    /// <summary>Columns with a category that no training row had, or with no number where one should be.</summary>
    public int Unknown { get; internal init; }

    /// <summary>The name of the class.</summary>
    /// <exception cref="InvalidOperationException">The rows have no classes.</exception>
    public string Class => Labels.Names[Labels.ClassOf(_values, _threshold)];

    /// <summary>The probability of a class or label, or the value of a target.</summary>
    /// <param name="name">One of <see cref="TableLabels.Names"/>.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public double this[string name]
    {
        get
        {
            int index = Labels.IndexOf(name);
            if (index < 0)
                throw new ArgumentException($"There is no {Printable.Quoted(name)}; the model answers for {ColumnNames.List(Labels.Names)}.", nameof(name));
            return _values[index];
        }
    }
}
