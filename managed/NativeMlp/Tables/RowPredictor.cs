// SPDX-License-Identifier: MIT
using System.Buffers;

namespace NativeMlp.Tables;

/// <summary>Predicts objects of a type; see <see cref="TableModel.CreatePredictor"/>. Any number of threads may predict at the same time.</summary>
/// <typeparam name="T">The type of a row.</typeparam>
public sealed class RowPredictor<T>
{
    private readonly TableModel _model;
    private readonly Func<T, double>[] _readers;

    internal RowPredictor(TableModel model, Func<T, double>[] readers) => (_model, _readers) = (model, readers);

    /// <summary>Predicts a row, without an allocation.</summary>
    /// <param name="row">The row.</param>
    /// <param name="values">Receives the probability of each class or label, or the value of each target in its own units, in
    /// the order of <see cref="TableLabels.Names"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="values"/> has the wrong length.</exception>
    public void Predict(T row, Span<double> values)
    {
        Check.Length(values.Length, _model.Labels.Names.Count, "one for each name of the labels", nameof(values));
        double[] cells = ArrayPool<double>.Shared.Rent(_readers.Length);
        Read(row, cells);
        _model.Answer(cells.AsSpan(0, _readers.Length), values);
        ArrayPool<double>.Shared.Return(cells);
    }

    /// <summary>Predicts a row.</summary>
    public TablePrediction Predict(T row)
    {
        double[] cells = new double[_readers.Length];
        Read(row, cells);
        return _model.Answer(cells);
    }

    private void Read(T row, Span<double> cells)
    {
        for (int i = 0; i < _readers.Length; i++) cells[i] = _readers[i](row);
    }
}
