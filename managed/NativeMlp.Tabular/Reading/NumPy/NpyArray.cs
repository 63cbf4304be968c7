// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Reading.NumPy;

/// <summary>An array of NumPy's as columns of numbers: a vector is one column, a matrix has its own.</summary>
/// <param name="Header">What the array says about itself.</param>
/// <param name="Columns">Its columns.</param>
internal sealed record NpyArray(NpyHeader Header, IReadOnlyList<NumberColumn> Columns)
{
    private const int ChunkBytes = 1 << 18;

    /// <summary>Reads an array.</summary>
    /// <param name="content">The data, which end with the array.</param>
    /// <param name="place">Where they are, for messages.</param>
    /// <param name="prefix">What the columns are called, with their number from 0 behind it.</param>
    /// <param name="length">The length of the data if it is known, otherwise null.</param>
    /// <exception cref="DataFormatException">The data are damaged, or an element is no finite number that a double holds.</exception>
    public static NpyArray Read(Stream content, NpyPlace place, string prefix, long? length)
    {
        NpyHeader header = NpyHeader.Read(content, place);
        NpyElements elements = NpyElements.Of(header.Type, place);
        long bytes = checked(header.Rows * header.Columns * elements.Size);
        if (bytes > length) throw CutOff(place, header);
        long room = length is null ? 0 : header.Rows;
        var columns = new GrowingColumn<double>[bytes == 0 && header.Rows > 0 ? 0 : header.Columns];
        for (int i = 0; i < columns.Length; i++) columns[i] = new GrowingColumn<double>(room);
        var reader = new Reader(content, place, header, elements, columns);
        if (header.IsFortranOrder) reader.ReadColumns();
        else reader.ReadRows();
        if (!DataFile.HasEnded(content)) throw place.Fault("something follows the array.");
        return new NpyArray(header, [.. columns.Select((column, i) => new NumberColumn(header.Dimensions < 2 ? prefix : $"{prefix}{i}", column.Take()))]);
    }

    private static DataFormatException CutOff(NpyPlace place, NpyHeader header) => place.Fault(
        $"its {header.Rows} x {header.Columns} elements of type {Printable.Text(header.Type)} are not all there: the data are cut off.");

    private sealed class Reader(Stream content, NpyPlace place, NpyHeader header, NpyElements elements, GrowingColumn<double>[] columns)
    {
        private byte[] _bytes = [];
        private double[] _values = [];

        public void ReadColumns()
        {
            for (int column = 0; column < columns.Length; column++)
            {
                for (long row = 0; row < header.Rows;)
                {
                    int rows = (int)Math.Min(header.Rows - row, ChunkBytes / elements.Size);
                    Fill(rows);
                    Take(column, row, rows, first: 0, step: 1);
                    row += rows;
                }
            }
        }

        public void ReadRows()
        {
            for (long row = 0; row < header.Rows && columns.Length > 0;)
            {
                int rows = (int)Math.Min(header.Rows - row, Math.Max(1, ChunkBytes / elements.Size / columns.Length));
                Fill(rows * columns.Length);
                for (int column = 0; column < columns.Length; column++) Take(column, row, rows, column, columns.Length);
                row += rows;
            }
        }

        private void Fill(int count)
        {
            int length = count * elements.Size;
            if (_bytes.Length < length) _bytes = new byte[length];
            if (content.ReadAtLeast(_bytes.AsSpan(0, length), length, throwOnEndOfStream: false) < length) throw CutOff(place, header);
        }

        private void Take(int column, long firstRow, int rows, int first, int step)
        {
            if (_values.Length < rows) _values = new double[rows];
            for (int row = 0; row < rows; row++)
            {
                double value = elements.Read(_bytes.AsSpan((first + (row * step)) * elements.Size));
                if (double.IsInfinity(value))
                    throw place.Fault($"row {firstRow + row + 1}, column {column + 1}: the element is no finite number that a double holds exactly.");
                _values[row] = value;
            }

            columns[column].Append(_values.AsSpan(0, rows));
        }
    }
}
