// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Hosting;

/// <summary>Answers for objects of a type with whatever version of a model is there; see <see cref="ServedModel.CreatePredictor"/>. Any
/// number of threads may ask at once.</summary>
/// <typeparam name="T">The type of a row.</typeparam>
public sealed class ServedPredictor<T>
{
    private readonly ServedModel _model;
    private readonly RowMapping<T> _mapping;
    private Bound _bound;

    internal ServedPredictor(ServedModel model, RowMapping<T> mapping)
    {
        (_model, _mapping) = (model, mapping);
        using ModelLease lease = model.Acquire();
        _bound = Bind(lease.Version);
    }

    /// <summary>Answers for a row, without an allocation.</summary>
    /// <inheritdoc cref="RowPredictor{T}.Predict(T, Span{double})"/>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public void Predict(T row, Span<double> values)
    {
        using ModelLease lease = _model.Acquire();
        For(lease.Version).Predict(row, values);
    }

    /// <summary>Answers for a row.</summary>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public TablePrediction Predict(T row)
    {
        using ModelLease lease = _model.Acquire();
        return For(lease.Version).Predict(row);
    }

    /// <summary>What answers with one version, for a caller that holds a lease of it.</summary>
    /// <param name="version">A version of the model.</param>
    public RowPredictor<T> For(ModelVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        Bound bound = Volatile.Read(ref _bound);
        if (bound.Version != version) Volatile.Write(ref _bound, bound = Bind(version));
        return bound.Predictor;
    }

    private Bound Bind(ModelVersion version) => new(version, version.TheTable.CreatePredictor(_mapping));

    private sealed record Bound(ModelVersion Version, RowPredictor<T> Predictor);
}
