// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Logging;
using NativeMlp.Tables;

namespace NativeMlp.Hosting;

/// <summary>A model that answers while its file may be replaced.</summary>
/// <remarks>
/// Any number of threads may ask at once, and those methods that write into memory of the caller allocate nothing. Each call is answered
/// by one version of the model; where several calls belong together, <see cref="Acquire"/> keeps a version for them.
/// A new file is loaded in the background. Then it answers all calls that begin; calls that have begun are answered by the old version,
/// which is disposed of after the last of them. A file that is damaged or still being written, or that is no drop-in replacement
/// (other columns, inputs, labels, outputs or loss), is refused: the log says so, and the old version stays.
/// </remarks>
public sealed class ServedModel : IDisposable
{
    private readonly ModelWatcher? _watcher;
    private ModelVersion? _current;
    private int _disposed;

    internal ServedModel(string name, NativeMlpOptions options, ILogger logger)
    {
        Name = name;
        ModelFile file = new(options.Path);
        FileSignature signature = file.Signature();
        _current = file.Load(number: 1);
        Log.Loaded(logger, name, 1, _current.Path, _current.WeightsSha256);
        if (options.Watch) _watcher = new ModelWatcher(this, file, signature, options.PollInterval, logger);
    }

    /// <summary>The name by which it was added.</summary>
    public string Name { get; }

    /// <summary>The number of the version that answers now; see <see cref="ModelVersion.Number"/>.</summary>
    public int VersionNumber => Current.Number;

    internal ModelVersion Current => Volatile.Read(ref _current) ?? throw new ObjectDisposedException(nameof(ServedModel));

    /// <summary>Takes the version that answers now, to keep it for several calls, also across an <c>await</c>.</summary>
    /// <returns>A lease, to be disposed of once.</returns>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public ModelLease Acquire()
    {
        while (true)
        {
            ModelVersion current = Current;
            if (current.TryAddUser()) return new ModelLease(current); // else it has just been replaced
        }
    }

    /// <inheritdoc cref="ModelVersion.Predict"/>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public void Predict(ReadOnlySpan<float> features, Span<float> outputs, PredictionKind kind = PredictionKind.Probabilities)
    {
        using ModelLease lease = Acquire();
        lease.Version.Predict(features, outputs, kind);
    }

    /// <inheritdoc cref="TableModel.Predict(ReadOnlySpan{double}, Span{double})"/>
    /// <exception cref="InvalidOperationException">It is no model of a table.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public void Predict(ReadOnlySpan<double> row, Span<double> values)
    {
        using ModelLease lease = Acquire();
        lease.Version.TheTable.Predict(row, values);
    }

    /// <inheritdoc cref="TableModel.Predict(ReadOnlySpan{string}, Span{double})"/>
    /// <exception cref="InvalidOperationException">It is no model of a table.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public void Predict(ReadOnlySpan<string?> row, Span<double> values)
    {
        using ModelLease lease = Acquire();
        lease.Version.TheTable.Predict(row, values);
    }

    /// <inheritdoc cref="TableModel.Predict(IReadOnlyDictionary{string, object}, Span{double})"/>
    /// <exception cref="InvalidOperationException">It is no model of a table.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public void Predict(IReadOnlyDictionary<string, object?> row, Span<double> values)
    {
        using ModelLease lease = Acquire();
        lease.Version.TheTable.Predict(row, values);
    }

    /// <inheritdoc cref="TableModel.Predict(IReadOnlyDictionary{string, object})"/>
    /// <exception cref="InvalidOperationException">It is no model of a table.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public TablePrediction Predict(IReadOnlyDictionary<string, object?> row)
    {
        using ModelLease lease = Acquire();
        return lease.Version.TheTable.Predict(row);
    }

    /// <summary>Prepares to answer for objects of a type.</summary>
    /// <param name="mapping">Where the columns come from.</param>
    /// <exception cref="ArgumentException">The mapping lacks a column that the model reads.</exception>
    /// <exception cref="InvalidOperationException">It is no model of a table.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public ServedPredictor<T> CreatePredictor<T>(RowMapping<T> mapping) => new(this, mapping);

    /// <summary>Puts a version in the place of the one that answers.</summary>
    internal void Replace(ModelVersion next) => Interlocked.Exchange(ref _current, next)!.RemoveUser();

    /// <summary>Ends the watching of the file and frees the model, after the calls that are still running.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _watcher?.Dispose();
        Interlocked.Exchange(ref _current, null)?.RemoveUser();
    }
}
