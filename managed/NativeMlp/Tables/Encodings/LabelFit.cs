// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables.Encodings;

/// <summary>The labels of a model, learned from the training rows. Its members are written to the model file.</summary>
internal sealed class LabelDescription
{
    /// <summary>The classes, or the label columns.</summary>
    public required string[] Names { get; init; }

    /// <summary>Whether the classes are numbers, so that <c>1</c> and <c>1.0</c> are the same class.</summary>
    public required bool Numbers { get; init; }

    /// <summary>The scale of each target of a regression.</summary>
    public required TargetScale[] Scales { get; init; }
}

/// <summary>The network learns <c>(target − Mean)/StdDev</c>.</summary>
internal sealed record TargetScale(double Mean, double StdDev);

/// <summary>Learns the labels.</summary>
internal static class LabelFit
{
    public static LabelDescription Fit(TableColumn[] columns, TableSchema schema, ReadOnlySpan<int> rows)
    {
        if (columns.Length == 0) Throw.Argument($"The schema has no label column; name the column to predict.", nameof(schema));
        MissingValues missing = new(schema);
        bool classes = schema.Task is TableTask.Binary or TableTask.Multiclass;
        if (!classes)
            return new LabelDescription { Names = [.. schema.Labels], Numbers = false, Scales = schema.Task == TableTask.Regression ? Scales(columns, schema, rows, missing) : [] };
        if (columns.Length > 1) Throw.Argument($"The schema has {columns.Length} label columns; the task {schema.Task} has one.", nameof(schema));
        string[] names = Names(columns[0], rows, missing);
        if (schema.Task == TableTask.Binary && names.Length > 2)
            Throw.Argument($"Column {Printable.Quoted(columns[0].Name)} has {names.Length} classes ({ColumnNames.List(names)}); the task {schema.Task} has two.", nameof(schema));
        return new LabelDescription { Names = names, Numbers = columns[0] is NumberColumn, Scales = [] };
    }

    /// <summary>Returns the reader of the cells of a label column without classes.</summary>
    public static ICellReader Reader(TableSchema schema) => schema.Task == TableTask.Regression ? CellReaders.NumberOf(schema) : CellReaders.YesOrNo;

    private static string[] Names(TableColumn column, ReadOnlySpan<int> rows, MissingValues missing)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (int row in rows)
        {
            if (column.NameAt(row) is { } name && !missing.Contains(name)) names.Add(name);
        }

        if (names.Count < 2)
            Throw.Argument($"Column {Printable.Quoted(column.Name)} has {(names.Count == 0 ? "no value" : $"only the value {Printable.Quoted(names.Single())}")} in the {rows.Length} rows, so there is nothing to predict: choose another label column, or rows of at least two classes.");
        bool numbers = names.All(name => Cell.TryParse(name, out double _));
        return numbers
            ? [.. names.OrderBy(NumberOf).ThenBy(name => name, StringComparer.Ordinal)]
            : [.. names.Order(StringComparer.Ordinal)];
    }

    private static TargetScale[] Scales(TableColumn[] columns, TableSchema schema, ReadOnlySpan<int> rows, MissingValues missing)
    {
        var scales = new TargetScale[columns.Length];
        for (int j = 0; j < scales.Length; j++)
        {
            double[] values = ColumnCells.Of(columns[j], Reader(schema), missing).Take(rows);
            values = Array.FindAll(values, double.IsFinite);
            Array.Sort(values);
            if (values.Length == 0 || values[0] == values[^1])
                Throw.Argument($"Column {Printable.Quoted(columns[j].Name)} has {(values.Length == 0 ? "no number" : $"only the value {Cell.NameOf(values[0])}")} in the {rows.Length} training rows, so there is nothing to learn: choose another label column.");
            (double mean, double stdDev) = NumberFit.MeanAndStdDev(values);
            scales[j] = new TargetScale(mean, stdDev > 0 ? stdDev : 1);
        }

        return scales;
    }

    private static double NumberOf(string name) => Cell.TryParse(name, out double number) ? number : double.NaN;
}
