// SPDX-License-Identifier: MIT
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Tables;

/// <summary>The encoding of the columns of a table as the inputs of a network. It is learned only from the training rows.</summary>
/// <remarks>
/// A number is encoded as a scaled number, its position among the quantiles of the training rows, and an input for each frequent
/// value. A category is encoded as an input for each name, and a date as the time since the earliest one, and its parts. See
/// <see cref="TableEncodingOptions"/>. The inputs are ordered by the names of their columns, so the order of the columns
/// in a file does not matter. The same table results in the same bits on every processor, in every culture and with any number of
/// threads.
/// </remarks>
public sealed class TableEncoding
{
    private readonly FeatureEncoding[] _features;
    private readonly ICellReader[] _readers;
    private readonly int[] _firstInputs;
    private readonly MissingValues _missing;

    internal TableEncoding(TableSchema schema, FeatureEncoding[] features)
    {
        (Schema, _features) = (schema, features);
        _missing = new MissingValues(schema);
        ICellReader numbers = CellReaders.NumberOf(schema);
        _readers = Array.ConvertAll<FeatureEncoding, ICellReader>(features, feature => feature is NumberEncoding ? numbers : feature);
        _firstInputs = new int[features.Length + 1];
        for (int i = 0; i < features.Length; i++) _firstInputs[i + 1] = _firstInputs[i] + features[i].Inputs;
    }

    /// <summary>The columns. The features are ordered by name.</summary>
    public TableSchema Schema { get; }

    /// <summary>The number of inputs of a row.</summary>
    public int Inputs => _firstInputs[^1];

    /// <summary>A name for each input.</summary>
    public IReadOnlyList<string> InputNames =>
        [.. Schema.Features.Zip(_features).SelectMany(pair => pair.Second.InputNames(pair.First.Name))];

    internal IReadOnlyList<FeatureEncoding> Features => _features;

    /// <summary>Learns the encoding from the training rows of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="schema">The columns to read, and their types.</param>
    /// <param name="trainingRows">The rows to learn from. Other rows have no influence.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <exception cref="ArgumentNullException"><paramref name="table"/> or <paramref name="schema"/> is null.</exception>
    /// <exception cref="ArgumentException">A column of the schema is missing, or there are no training rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of <paramref name="options"/> is not allowed.</exception>
    public static TableEncoding Fit(Table table, TableSchema schema, ReadOnlySpan<int> trainingRows, TableEncodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(schema);
        options ??= new TableEncodingOptions();
        options.Validate();
        if (trainingRows.IsEmpty) Throw.Argument($"There are no training rows to learn the encoding of the columns from.", nameof(trainingRows));
        schema = schema with { Features = [.. schema.Features.OrderBy(feature => feature.Name, StringComparer.Ordinal)] };
        bool quantiles = options.UsesQuantiles(trainingRows.Length, schema.Features.Count(feature => feature.Type == ColumnType.Number));
        TableColumn[] columns = table.Find(schema.Features.Select(feature => feature.Name));
        var features = new FeatureEncoding[columns.Length];
        MissingValues missing = new(schema);
        for (int i = 0; i < features.Length; i++)
            features[i] = Fit(columns[i], schema, schema.Features[i].Type, trainingRows, missing, options, quantiles);
        return new TableEncoding(schema, features);
    }

    /// <summary>Encodes one row of a table.</summary>
    /// <param name="table">The table; its columns are found by their names, and those that are not needed are ignored.</param>
    /// <param name="row">The row.</param>
    /// <param name="inputs">Receives <see cref="Inputs"/> values.</param>
    /// <remarks>The columns are found by name in each call, so it is faster to encode many rows in one call.</remarks>
    /// <exception cref="ArgumentException">The table lacks a column, or <paramref name="inputs"/> has the wrong length.</exception>
    public void EncodeRow(Table table, int row, Span<float> inputs) => Bind(table).Encode(row, inputs);

    /// <summary>Encodes rows of a table.</summary>
    /// <param name="table">The table; its columns are found by their names, and those that are not needed are ignored.</param>
    /// <param name="rows">The rows, in order.</param>
    /// <param name="threads">The maximum number of threads; 0 for <see cref="NativeLibraryInfo.DefaultThreads"/>.</param>
    /// <returns><c>[rows × Inputs]</c>, the same for any number of threads.</returns>
    /// <exception cref="ArgumentException">The table lacks a column, or the result would not fit into an array.</exception>
    public float[] Encode(Table table, ReadOnlyMemory<int> rows, int threads = 0)
    {
        Check.Threads(threads);
        float[] inputs = new float[Check.Elements(rows.Length, Inputs, "inputs", "take fewer rows, or leave out columns with many categories", nameof(rows))];
        Bind(table).Encode(rows, inputs, threads);
        return inputs;
    }

    /// <summary>Finds the columns in a table, and reads their cells.</summary>
    internal BoundTable Bind(Table table)
    {
        ArgumentNullException.ThrowIfNull(table);
        TableColumn[] columns = table.Find(Schema.Features.Select(feature => feature.Name));
        return new BoundTable(this, [.. columns.Select((column, i) => ColumnCells.Of(column, _readers[i], _missing))]);
    }

    /// <summary>Encodes a row that is given as cells, one for each feature.</summary>
    internal void Encode(ReadOnlySpan<double> cells, Span<float> inputs)
    {
        for (int i = 0; i < _features.Length; i++)
            _features[i].Encode(cells[i], inputs[_firstInputs[i].._firstInputs[i + 1]]);
    }

    /// <summary>Reads a text as a cell of a column.</summary>
    internal double Read(int feature, string? text) => _missing.Read(_readers[feature], text);

    /// <summary>Reads a number as a cell of a column.</summary>
    internal double Read(int feature, double number) => _missing.Read(_features[feature], number);

    private static FeatureEncoding Fit(TableColumn column, TableSchema schema, ColumnType type, ReadOnlySpan<int> rows, MissingValues missing,
        TableEncodingOptions options, bool quantiles)
    {
        if (type is ColumnType.Boolean or ColumnType.Category) return CategoryFit.Fit(column, rows, missing, options);
        bool date = type == ColumnType.Date;
        double[] values = ColumnCells.Of(column, date ? CellReaders.Date(schema.DateOrder) : CellReaders.NumberOf(schema), missing).Take(rows);
        return date ? DateEncoding.Fit(values, options, quantiles, schema.DateOrder) : NumberFit.Fit(values, options, quantiles);
    }
}
