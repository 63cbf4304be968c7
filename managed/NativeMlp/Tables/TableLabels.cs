// SPDX-License-Identifier: MIT
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Tables;

/// <summary>The labels of a table model, learned from the training rows: the names of the classes, or the mean and
/// the standard deviation of each target.</summary>
public sealed class TableLabels
{
    private readonly Dictionary<string, int> _classes;
    private readonly MissingValues _missing;

    internal TableLabels(TableSchema schema, LabelDescription description)
    {
        (Schema, Description) = (schema, description);
        _missing = new MissingValues(schema);
        _classes = new Dictionary<string, int>(StringComparer.Ordinal);
        if (HasClasses)
            for (int i = 0; i < Names.Count; i++) _classes.TryAdd(Names[i], i);
    }

    /// <summary>The task of the model.</summary>
    public TableTask Task => Schema.Task;

    /// <summary>The label columns.</summary>
    public IReadOnlyList<string> Columns => Schema.Labels;

    /// <summary>The names of the classes; or, if <see cref="Task"/> is <see cref="TableTask.Multilabel"/> or
    /// <see cref="TableTask.Regression"/>, the names of the label columns.</summary>
    /// <remarks>Classes are sorted by their character codes, or by value if all of them are numbers. The
    /// second of two classes is the positive one.</remarks>
    public IReadOnlyList<string> Names => Description.Names;

    /// <summary>Whether a row has one class.</summary>
    public bool HasClasses => Task is TableTask.Binary or TableTask.Multiclass;

    internal TableSchema Schema { get; }

    internal LabelDescription Description { get; }

    /// <summary>Learns the classes, or the scale of the targets.</summary>
    /// <param name="table">The table.</param>
    /// <param name="schema">The label columns and the task.</param>
    /// <param name="rows">The training rows for a regression; for classes, all rows whose classes the model must know.</param>
    /// <exception cref="ArgumentException">A label column is missing, a label cannot be read, or all labels are
    /// equal.</exception>
    public static TableLabels Fit(Table table, TableSchema schema, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(schema);
        return new TableLabels(schema, LabelFit.Fit(table.Find(schema.Labels), schema, rows));
    }

    /// <summary>Returns the index of the class of each row; −1 if it is missing or not in <see cref="Names"/>.</summary>
    /// <exception cref="ArgumentException">The table lacks the label column.</exception>
    /// <exception cref="InvalidOperationException">The rows have no classes.</exception>
    public int[] ReadClasses(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (!HasClasses) throw new InvalidOperationException($"The rows have targets, not classes: the task is {Task}.");
        TableColumn column = table.Find(Columns)[0];
        return column is TextColumn text
            ? [.. ReadClasses(text, [.. text.Distinct.Select(ClassOf)])]
            : [.. Enumerable.Range(0, table.RowCount).Select(row => ClassOf(column.NameAt(row)))];
    }

    /// <summary>Returns the targets of each row in their own units, or 0 and 1 for each label; NaN if one is missing.</summary>
    /// <returns><c>[rows × Names.Count]</c>.</returns>
    /// <exception cref="ArgumentException">The table lacks a label column.</exception>
    /// <exception cref="InvalidOperationException">The rows have classes.</exception>
    public double[] ReadTargets(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (HasClasses) throw new InvalidOperationException($"The rows have classes, not targets: the task is {Task}.");
        TableColumn[] columns = table.Find(Columns);
        double[] targets = new double[Check.Elements(table.RowCount, columns.Length, "targets", "take fewer rows", nameof(table))];
        for (int j = 0; j < columns.Length; j++)
        {
            ColumnCells cells = ColumnCells.Of(columns[j], LabelFit.Reader(Schema), _missing);
            for (int row = 0; row < table.RowCount; row++)
                targets[(row * columns.Length) + j] = double.IsFinite(cells[row]) ? cells[row] : double.NaN;
        }

        return targets;
    }

    /// <summary>Returns the class of a row. Of two classes, this is the positive one if its probability is greater
    /// than the threshold. Of more, it is the first with the maximum probability.</summary>
    internal int ClassOf(ReadOnlySpan<double> probabilities, double threshold)
    {
        if (!HasClasses) throw new InvalidOperationException($"The rows have no classes: the task is {Task}.");
        if (Task == TableTask.Binary) return probabilities[1] > threshold ? 1 : 0;
        int best = 0;
        for (int i = 1; i < probabilities.Length; i++)
        {
            if (probabilities[i] > probabilities[best]) best = i;
        }

        return best;
    }

    /// <summary>Returns the index of a name in <see cref="Names"/>; −1 if it does not exist.</summary>
    internal int IndexOf(string name) => Array.IndexOf(Description.Names, name);

    /// <summary>Converts a target to the value that the network learns.</summary>
    internal float ToOutput(int target, double value) => Task != TableTask.Regression ? (float)value
        : (float)((value - Description.Scales[target].Mean) / Description.Scales[target].StdDev);

    /// <summary>Converts the output of the network to a target.</summary>
    internal double FromOutput(int target, double output) => Task != TableTask.Regression ? output
        : Description.Scales[target].Mean + (output * Description.Scales[target].StdDev);

    private int ClassOf(string? name)
    {
        if (name is null || _missing.Contains(name)) return -1;
        if (Description.Numbers && Cell.TryParse(name, out double number)) name = Cell.NameOf(number);
        return _classes.GetValueOrDefault(name, -1);
    }

    private static IEnumerable<int> ReadClasses(TextColumn column, int[] classes)
    {
        for (int row = 0; row < column.Count; row++) yield return column.Codes[row] is int code and >= 0 ? classes[code] : -1;
    }
}
