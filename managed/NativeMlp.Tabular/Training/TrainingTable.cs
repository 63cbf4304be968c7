// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tables;
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Tabular.Training;

/// <summary>A table with what its schema and the options say of its rows: labels, weights, groups, times.</summary>
internal sealed class TrainingTable
{
    // Rows with more inputs in all, 1 GiB, are encoded batch by batch: that takes time in each epoch, but hardly any memory.
    private const long MostInputs = 1 << 28;

    private readonly Table _table;
    private readonly TableSchema _schema;
    private readonly TableTrainingOptions _options;
    private readonly TableLabels _names; // of all rows
    private readonly int[] _classes = [];
    private readonly double[] _targets = [];
    private readonly float[]? _weights;

    public TrainingTable(Table table, TableSchema schema, TableTrainingOptions options)
    {
        (_table, _schema, _options) = (table, schema, options);
        if (schema.Features.Count == 0)
            Throw.Argument($"There is no column to learn from: all columns are labels or left out. Keep at least one more column.", nameof(schema));
        _names = TableLabels.Fit(table, schema, [.. Enumerable.Range(0, table.RowCount)]);
        if (_names.HasClasses) _classes = _names.ReadClasses(table);
        else _targets = _names.ReadTargets(table);
        Labelled = [.. Enumerable.Range(0, table.RowCount).Where(HasLabel)];
        _weights = schema.Weight is { } weight ? Weights(weight) : null;
    }

    /// <summary>The rows that have a label.</summary>
    public int[] Labelled { get; }

    /// <summary>What parts the rows.</summary>
    public RowSplitter Splitter() => new(_options.Seed, Strata(), Groups(), Times());

    /// <summary>What there is to answer, learned from the training rows; the classes are those of all rows.</summary>
    public TableLabels LabelsFor(int[] training)
    {
        if (!_names.HasClasses) return TableLabels.Fit(_table, _schema, training);
        HashSet<int> trained = [.. training.Select(row => _classes[row])];
        for (int i = 0; i < _names.Names.Count; i++)
        {
            if (!trained.Contains(i))
                Throw.Argument($"Class {Printable.Quoted(_names.Names[i])} of column {Printable.Quoted(_names.Columns[0])} has {_classes.Count(label => label == i)} rows in the table, but none among the {training.Length} training rows: leave its rows out, add more of them, or part the table otherwise (another seed, a smaller test or validation part, no group or time).");
        }

        return _names;
    }

    /// <summary>Rows of each class.</summary>
    public int[] CountClasses(int[] rows)
    {
        int[] counts = new int[_names.Names.Count];
        foreach (int row in rows) counts[_classes[row]]++;
        return counts;
    }

    /// <summary>For each label, the number of rows without it per row with it; 1 if no row has it.</summary>
    public float[] PositiveWeights(int[] rows)
    {
        int width = _names.Names.Count;
        float[] weights = new float[width];
        for (int j = 0; j < width; j++)
        {
            double with = rows.Sum(row => _targets[(row * width) + j]);
            weights[j] = with == 0 ? 1 : (float)((rows.Length - with) / with);
        }

        return weights;
    }

    /// <summary>Whether a row has the second of two classes.</summary>
    public bool IsPositive(int row) => _classes[row] == 1;

    /// <summary>Rows as a network trains on them. They are encoded at once, or, if they are too many for that, batch by
    /// batch.</summary>
    public Dataset ToDataset(string name, TableEncoding encoding, TableLabels labels, int[] rows, int threads)
    {
        EncodedRows source = new(encoding.Bind(_table), rows, threads);
        Dataset data = labels.HasClasses
            ? Dataset.FromSource(name, source, encoding.Inputs, Array.ConvertAll(rows, row => _classes[row]), labels.Names.Count)
            : Dataset.FromSource(name, source, encoding.Inputs, Outputs(labels, rows), labels.Names.Count);
        if ((long)rows.Length * encoding.Inputs <= MostInputs) data = data.InMemory();
        return _weights is null ? data : data.WithWeights(Array.ConvertAll(rows, row => _weights[row]));
    }

    private bool HasLabel(int row)
    {
        if (_names.HasClasses) return _classes[row] >= 0;
        int width = _names.Names.Count;
        return !_targets.AsSpan(row * width, width).ContainsAnyExceptInRange(double.MinValue, double.MaxValue);
    }

    private float[] Outputs(TableLabels labels, int[] rows)
    {
        int width = labels.Names.Count;
        float[] outputs = new float[rows.Length * width];
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = labels.ToOutput(i % width, _targets[(rows[i / width] * width) + (i % width)]);
        return outputs;
    }

    private float[] Weights(string name)
    {
        ColumnCells cells = Cells(name, CellReaders.NumberOf(_schema));
        float[] weights = new float[_table.RowCount];
        foreach (int row in Labelled)
        {
            weights[row] = (float)cells[row];
            if (!(weights[row] >= 0 && float.IsFinite(weights[row])))
                Throw.Argument($"Row {row + 1} has {Found(name, row)} in column {Printable.Quoted(name)}; the weight of a row must be a number that is finite and at least 0.");
        }

        return weights;
    }

    // The classes; of one target the tenths of its rows; else none.
    private int[]? Strata()
    {
        const int Tenths = 10;
        if (_names.HasClasses) return _classes;
        if (_names.Task != TableTask.Regression || _names.Names.Count > 1) return null;
        int[] strata = new int[_table.RowCount];
        int rank = 0;
        foreach (int row in Labelled.OrderBy(row => _targets[row]))
            strata[row] = (int)((long)rank++ * Tenths / Labelled.Length);
        return strata;
    }

    // Rows without a group are each on their own.
    private int[]? Groups()
    {
        if (_options.Group is not { } name) return null;
        TableColumn column = _table.Find([name])[0];
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        int[] groups = new int[column.Count];
        for (int row = 0; row < groups.Length; row++)
        {
            groups[row] = column.NameAt(row) is not { } group ? -1 - row
                : numbers.TryGetValue(group, out int number) ? number
                : numbers[group] = numbers.Count;
        }

        if (groups.Distinct().Count() < 2)
            Throw.Argument($"All rows have the same value in column {Printable.Quoted(name)}, so they are one group and cannot be parted: name another column.");
        return groups;
    }

    private double[]? Times()
    {
        if (_options.Time is not { } name) return null;
        ColumnCells dates = Cells(name, CellReaders.Date(_schema.DateOrder)), numbers = Cells(name, CellReaders.NumberOf(_schema));
        bool dated = _table.Find([name])[0] is TextColumn && Labelled.Any(row => double.IsFinite(dates[row]));
        double[] times = new double[_table.RowCount];
        foreach (int row in Labelled)
        {
            times[row] = dated ? dates[row] : numbers[row];
            if (!double.IsFinite(times[row]))
                Throw.Argument($"Row {row + 1} has {Found(name, row)} in column {Printable.Quoted(name)}; the rows are split by it, so each needs a date or a number there{(DateText.TryParse(_table.Find([name])[0].NameAt(row), DateOrder.DayFirst, out _) ? " (--date-order says whether the day or the month comes first)" : "")}.");
        }

        return times;
    }

    private ColumnCells Cells(string name, ICellReader reader) =>
        ColumnCells.Of(_table.Find([name])[0], reader, new MissingValues(_schema));

    private string Found(string name, int row) => _table.Find([name])[0].NameAt(row) is { } text ? Printable.Quoted(text) : "no value";
}
