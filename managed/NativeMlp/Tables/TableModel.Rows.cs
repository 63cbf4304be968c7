// SPDX-License-Identifier: MIT
using System.Buffers;
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Tables;

/// <content>Predictions of one row into the caller's memory, without an allocation.</content>
public sealed partial class TableModel
{
    /// <summary>Predicts a row of numbers, without an allocation unless a number is the name of a category that is a text.</summary>
    /// <param name="row">A number for each of <see cref="TableSchema.Features"/> of <see cref="Schema"/>, in that order; NaN if it
    /// is missing. In a column of categories, a number means the category of that name. In a column of dates, it is
    /// the seconds since 1970.</param>
    /// <param name="values">Receives the probability of each class or label, or the value of each target in its own units, in the
    /// order of <see cref="TableLabels.Names"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="row"/> or <paramref name="values"/> has the wrong length.</exception>
    public void Predict(ReadOnlySpan<double> row, Span<double> values)
    {
        CheckLengths(row.Length, values.Length);
        double[] cells = ArrayPool<double>.Shared.Rent(row.Length);
        for (int i = 0; i < row.Length; i++) cells[i] = Encoding.Read(i, row[i]);
        Answer(cells.AsSpan(0, row.Length), values);
        ArrayPool<double>.Shared.Return(cells);
    }

    /// <summary>Predicts a row of texts, as they are written in a file, without an allocation.</summary>
    /// <param name="row">A text for each of <see cref="TableSchema.Features"/> of <see cref="Schema"/>, in that order; null if it
    /// is missing.</param>
    /// <param name="values">Receives the probability of each class or label, or the value of each target in its own units, in the
    /// order of <see cref="TableLabels.Names"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="row"/> or <paramref name="values"/> has the wrong length.</exception>
    public void Predict(ReadOnlySpan<string?> row, Span<double> values)
    {
        CheckLengths(row.Length, values.Length);
        double[] cells = ArrayPool<double>.Shared.Rent(row.Length);
        for (int i = 0; i < row.Length; i++) cells[i] = Encoding.Read(i, row[i]);
        Answer(cells.AsSpan(0, row.Length), values);
        ArrayPool<double>.Shared.Return(cells);
    }

    /// <summary>Predicts a row that is given by the names of its columns, without an allocation.</summary>
    /// <param name="row">A value for each column that the model reads, as <see cref="Predict(IReadOnlyDictionary{string, object})"/>
    /// takes them.</param>
    /// <param name="values">Receives the probability of each class or label, or the value of each target in its own units, in the
    /// order of <see cref="TableLabels.Names"/>.</param>
    /// <exception cref="ArgumentException">A column is not there, its value is of another type, or <paramref name="values"/> has
    /// the wrong length.</exception>
    public void Predict(IReadOnlyDictionary<string, object?> row, Span<double> values)
    {
        ArgumentNullException.ThrowIfNull(row);
        CheckLengths(Schema.Features.Count, values.Length);
        double[] cells = ArrayPool<double>.Shared.Rent(Schema.Features.Count);
        Read(row, cells);
        Answer(cells.AsSpan(0, Schema.Features.Count), values);
        ArrayPool<double>.Shared.Return(cells);
    }

    /// <summary>Returns the index of the class of a row, from its probabilities and <see cref="Threshold"/>.</summary>
    /// <param name="probabilities">The probability of each class.</param>
    /// <exception cref="ArgumentException"><paramref name="probabilities"/> has the wrong length.</exception>
    /// <exception cref="InvalidOperationException">The rows have no classes.</exception>
    public int ClassOf(ReadOnlySpan<double> probabilities)
    {
        Check.Length(probabilities.Length, Labels.Names.Count, "one for each name of the labels", nameof(probabilities));
        return Labels.ClassOf(probabilities, Threshold);
    }

    private void Read(IReadOnlyDictionary<string, object?> row, Span<double> cells)
    {
        for (int i = 0; i < Schema.Features.Count; i++)
        {
            if (!row.TryGetValue(Schema.Features[i].Name, out object? value)) ThrowMissing(row);
            cells[i] = CellValue.Read(Encoding, i, value);
        }
    }

    private void ThrowMissing(IReadOnlyDictionary<string, object?> row) => ColumnNames.ThrowMissing(
        [.. Schema.Features.Select(feature => feature.Name).Where(name => !row.ContainsKey(name))], row.Keys);

    private void CheckLengths(int row, int values)
    {
        Check.Length(row, Schema.Features.Count, "one for each column that the model reads", nameof(row));
        Check.Length(values, Labels.Names.Count, "one for each name of the labels", nameof(values));
    }
}
