// SPDX-License-Identifier: MIT
using System.Buffers;

namespace NativeMlp.Tables.Encodings;

/// <summary>A table whose columns are bound to an encoding.</summary>
internal sealed class BoundTable(TableEncoding encoding, ColumnCells[] columns)
{
    /// <summary>Encodes a row.</summary>
    public void Encode(int row, Span<float> inputs)
    {
        Check.Length(inputs.Length, encoding.Inputs, "one for each input of the encoding", nameof(inputs));
        double[] rented = ArrayPool<double>.Shared.Rent(columns.Length);
        Span<double> cells = rented.AsSpan(0, columns.Length);
        for (int i = 0; i < cells.Length; i++) cells[i] = columns[i][row];
        encoding.Encode(cells, inputs);
        ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>Encodes rows, on several threads.</summary>
    public void Encode(ReadOnlyMemory<int> rows, Memory<float> inputs, int threads) => RowRanges.ForEach(rows.Length, threads, (first, end) =>
    {
        int width = encoding.Inputs;
        for (int i = first; i < end; i++) Encode(rows.Span[i], inputs.Span.Slice(i * width, width));
    });

    /// <summary>Counts the missing and the unknown cells of a column.</summary>
    public CellCounts Count(int feature, int rows)
    {
        int missing = 0, unknown = 0;
        for (int row = 0; row < rows; row++)
        {
            double cell = columns[feature][row];
            if (double.IsNaN(cell)) missing++;
            else if (double.IsInfinity(cell)) unknown++;
        }

        return new CellCounts(encoding.Schema.Features[feature].Name, missing, unknown);
    }
}
