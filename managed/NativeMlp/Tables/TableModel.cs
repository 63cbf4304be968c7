// SPDX-License-Identifier: MIT
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Tables;

/// <summary>A trained table model, which predicts from raw rows. It owns its networks, so dispose of it after
/// use.</summary>
/// <remarks>If there are several networks, the prediction is the mean of their probabilities or values. Any number of threads may predict
/// at the same time. A prediction does not depend on the form of the row (a row of a table, a dictionary or an object), on other
/// rows, on the number of threads or on the processor.</remarks>
public sealed partial class TableModel : IDisposable
{
    private readonly Ensemble _ensemble;

    /// <summary>Creates a model of trained networks.</summary>
    /// <param name="encoding">The encoding of the columns.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="networks">The networks, at least one; the model disposes of them.</param>
    /// <exception cref="ArgumentException">There is no network, or one has other inputs or outputs, or weights of another precision than
    /// the first.</exception>
    public TableModel(TableEncoding encoding, TableLabels labels, IReadOnlyList<Mlp> networks)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(networks);
        if (networks.Count == 0) Throw.Argument($"A model needs at least one network.", nameof(networks));
        foreach (Mlp network in networks)
        {
            if (network.Inputs != encoding.Inputs || network.Outputs != labels.Names.Count)
                Throw.Argument($"A network has {network.Inputs} inputs and {network.Outputs} outputs; the encoding gives {encoding.Inputs} and the labels need {labels.Names.Count}.", nameof(networks));
            if (network.Precision != networks[0].Precision)
                Throw.Argument($"A network has {network.Precision} weights and the first one {networks[0].Precision} weights; a model has one precision.", nameof(networks));
        }

        (Encoding, Labels, Networks) = (encoding, labels, networks);
        _ensemble = new Ensemble(encoding, labels, [.. networks]);
    }

    /// <summary>The encoding of the columns.</summary>
    public TableEncoding Encoding { get; }

    /// <summary>The labels.</summary>
    public TableLabels Labels { get; }

    /// <summary>The networks, whose predictions are averaged.</summary>
    public IReadOnlyList<Mlp> Networks { get; }

    /// <summary>The columns and their types.</summary>
    public TableSchema Schema => Encoding.Schema;

    /// <summary>The threshold that the probability of the positive of two classes, or of a label, must exceed to be predicted, from 0
    /// to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 1.</exception>
    public double Threshold
    {
        get;
        set
        {
            if (!(value is >= 0 and <= 1)) Throw.OutOfRange($"Threshold is {value}; it must be from 0 to 1.", nameof(value));
            field = value;
        }
    } = 0.5;

    /// <summary>Loads a model that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="Data.DataFormatException">The file is damaged, has a newer version, or is not a table model.</exception>
    public static TableModel Load(string path) => TableModelFile.Load(path);

    /// <summary>Saves the model. An old file is replaced atomically.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void Save(string path) => TableModelFile.Save(this, path);

    /// <summary>Creates a copy of the model whose networks can only predict and have weights of this precision.</summary>
    /// <param name="precision">The precision of the weights.</param>
    /// <returns>The copy, which the caller must dispose of.</returns>
    /// <inheritdoc cref="Mlp.Freeze(Precision)" path="/exception"/>
    public TableModel Freeze(Precision precision)
    {
        List<Mlp> frozen = [];
        try
        {
            foreach (Mlp network in Networks) frozen.Add(network.Freeze(precision));
            return new TableModel(Encoding, Labels, frozen) { Threshold = Threshold };
        }
        catch
        {
            frozen.ForEach(network => network.Dispose());
            throw;
        }
    }

    /// <summary>Predicts all rows of a table.</summary>
    /// <param name="table">The table. Its columns are found by their names, in any order; those that are not needed are
    /// ignored.</param>
    /// <param name="threads">The maximum number of threads; 0 for <see cref="NativeLibraryInfo.DefaultThreads"/>.</param>
    /// <exception cref="ArgumentException">The table lacks a column that the model reads.</exception>
    public TablePredictions Predict(Table table, int threads = 0)
    {
        BoundTable bound = Encoding.Bind(table);
        Check.Threads(threads);
        double[] values = new double[Check.Elements(table.RowCount, Labels.Names.Count, "answers", "predict fewer rows at a time", nameof(table))];
        RowRanges.ForEach(table.RowCount, threads, (first, end) =>
            _ensemble.Answer(bound, first, end, values.AsSpan(first * Labels.Names.Count, (end - first) * Labels.Names.Count)));
        return new TablePredictions(Labels, Threshold, values)
        {
            Cells = [.. Enumerable.Range(0, Schema.Features.Count).Select(feature => bound.Count(feature, table.RowCount))],
        };
    }

    /// <summary>Evaluates the predictions for the rows of a table whose labels are known.</summary>
    /// <param name="table">The table, with the label columns.</param>
    /// <param name="threads">The maximum number of threads; 0 for the number of processors.</param>
    /// <exception cref="ArgumentException">The table lacks a column, or a weight is not allowed.</exception>
    public TableEvaluation Evaluate(Table table, int threads = 0) => TableEvaluation.Measure(Predict(table, threads), table);

    /// <summary>Predicts a row that is given by the names of its columns.</summary>
    /// <param name="row">A value for each column that the model reads; others are ignored. A value is a text (as it would stand
    /// in a file), a number, a <see cref="bool"/>, a <see cref="DateTime"/>, a <see cref="DateTimeOffset"/>, a
    /// <see cref="DateOnly"/>, or null where it is missing.</param>
    /// <exception cref="ArgumentException">A column is not there, or its value is of another type.</exception>
    public TablePrediction Predict(IReadOnlyDictionary<string, object?> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        double[] cells = new double[Schema.Features.Count];
        Read(row, cells);
        return Answer(cells);
    }

    /// <summary>Creates a predictor for objects of a type.</summary>
    /// <param name="mapping">The mapping of the objects to columns.</param>
    /// <exception cref="ArgumentException">The mapping lacks a column that the model reads.</exception>
    public RowPredictor<T> CreatePredictor<T>(RowMapping<T> mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        return new RowPredictor<T>(this, mapping.Readers(Encoding));
    }

    /// <summary>Returns a model of one of the networks, which this model still owns.</summary>
    internal TableModel WithNetwork(int network) => new(Encoding, Labels, [Networks[network]]) { Threshold = Threshold };

    /// <summary>Predicts a row that is given as cells.</summary>
    internal void Answer(ReadOnlySpan<double> cells, Span<double> values) => _ensemble.Answer(cells, values);

    /// <inheritdoc cref="Answer(ReadOnlySpan{double}, Span{double})"/>
    internal TablePrediction Answer(ReadOnlySpan<double> cells)
    {
        double[] values = new double[Labels.Names.Count];
        Answer(cells, values);
        int missing = 0, unknown = 0;
        foreach (double cell in cells)
        {
            if (double.IsNaN(cell)) missing++;
            else if (double.IsInfinity(cell)) unknown++;
        }

        return new TablePrediction(Labels, Threshold, values) { Missing = missing, Unknown = unknown };
    }

    /// <summary>Disposes of the networks.</summary>
    public void Dispose()
    {
        foreach (Mlp network in Networks) network.Dispose();
    }
}
