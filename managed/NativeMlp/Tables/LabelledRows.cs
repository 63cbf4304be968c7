// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Tables;

/// <summary>The rows of a table with the predictions of a model and the true values.</summary>
internal sealed class LabelledRows
{
    private readonly TablePredictions _predictions;
    private readonly TableColumn[] _columns;
    private readonly int[] _classes;
    private readonly double[] _targets;
    private readonly double[] _weights;

    /// <exception cref="ArgumentException">The table lacks a label column, has other rows, or a weight is not allowed.</exception>
    public LabelledRows(TablePredictions predictions, Table table)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(table);
        if (predictions.RowCount != table.RowCount) Throw.Argument($"There are predictions for {predictions.RowCount} rows, but the table has {table.RowCount}.", nameof(predictions));
        _predictions = predictions;
        _columns = table.Find(Labels.Columns);
        _classes = Labels.HasClasses ? Labels.ReadClasses(table) : [];
        _targets = Labels.HasClasses ? [] : Labels.ReadTargets(table);
        _weights = Labels.Schema.Weight is { } name && table.TryGetColumn(name, out TableColumn? column) ? ReadWeights(column) : [];
    }

    private TableLabels Labels => _predictions.Labels;

    private int Width => Labels.Names.Count;

    /// <summary>The true class of each row; empty if rows have targets.</summary>
    public ReadOnlySpan<int> Classes => _classes;

    /// <summary>The true targets, <c>[rows × names]</c>; empty if rows have a class.</summary>
    public ReadOnlySpan<double> Targets => _targets;

    /// <summary>The weights of the rows; empty if all rows have the same weight.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    public TableEvaluation Measure(IEnumerable<int> rows)
    {
        int[] all = [.. rows];
        int[] known = [.. all.Where(IsKnown)];
        int unlabelled = all.Count(row => _columns.Any(column => column.IsMissing(row)));
        TableEvaluation evaluation = new() { Rows = known.Length, Unlabelled = unlabelled, UnknownClasses = all.Length - known.Length - unlabelled };
        return Labels.Task switch
        {
            TableTask.Regression => evaluation with { Targets = [.. Enumerable.Range(0, Width).Select(target => MeasureTarget(target, known))] },
            TableTask.Multilabel => evaluation with { Multilabel = MeasureLabels(known) },
            _ => evaluation with { Classification = MeasureClasses(known) },
        };
    }

    /// <summary>Whether a row can be evaluated: its label exists, and the model knows it.</summary>
    public bool IsKnown(int row) => Labels.HasClasses ? _classes[row] >= 0 : !TargetsOf(row).Contains(double.NaN);

    private ReadOnlySpan<double> TargetsOf(int row) => _targets.AsSpan(row * Width, Width);

    private ClassificationMetrics MeasureClasses(int[] rows) => ClassificationMetrics.Multiclass(
        ValuesOf(rows), Width, Pick(_classes, rows), Pick(_weights, rows), Array.ConvertAll(rows, AnswerOf));

    // A row with a NaN probability has no class.
    public int AnswerOf(int row) => _predictions[row].Contains(double.NaN) ? Mlp.NoClass : _predictions.ClassOf(row);

    private MultilabelMetrics MeasureLabels(int[] rows)
    {
        double[] values = ValuesOf(rows);
        return MultilabelMetrics.Compute(values, Width, [.. rows.SelectMany(row => TargetsOf(row).ToArray(), (_, target) => target != 0)],
            Pick(_weights, rows), Array.ConvertAll(values, probability => probability > _predictions.Threshold));
    }

    private RegressionMetrics MeasureTarget(int target, int[] rows) => RegressionMetrics.Compute(
        Array.ConvertAll(rows, row => _predictions[row][target]), Array.ConvertAll(rows, row => TargetsOf(row)[target]), Pick(_weights, rows));

    private double[] ValuesOf(int[] rows)
    {
        double[] values = new double[rows.Length * Width];
        for (int i = 0; i < rows.Length; i++) _predictions[rows[i]].CopyTo(values.AsSpan(i * Width));
        return values;
    }

    private static T[] Pick<T>(T[] values, int[] rows) => values.Length == 0 ? [] : Array.ConvertAll(rows, row => values[row]);

    private double[] ReadWeights(TableColumn column)
    {
        ColumnCells cells = ColumnCells.Of(column, CellReaders.NumberOf(Labels.Schema), new MissingValues(Labels.Schema));
        double[] weights = new double[column.Count];
        for (int row = 0; row < weights.Length; row++)
        {
            if (!(cells[row] >= 0))
                Throw.Argument($"Row {row + 1} has no weight in column {Printable.Quoted(column.Name)}; it must be a number that is finite and at least 0.");
            weights[row] = cells[row];
        }

        return weights;
    }
}
