// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Reading.NumPy;

/// <summary>An array of NumPy's as columns: a vector is one column, a matrix has its own.</summary>
/// <param name="Header">What the array says about itself.</param>
/// <param name="Columns">Its columns.</param>
internal sealed record NpyArray(NpyHeader Header, IReadOnlyList<TableColumn> Columns)
{
    private const int ChunkBytes = 1 << 18;

    /// <summary>Reads an array.</summary>
    /// <param name="content">The data, which end with the array.</param>
    /// <param name="place">Where they are, for messages.</param>
    /// <param name="prefix">What the columns are called, with their number from 0 behind it.</param>
    /// <param name="length">The length of the data if it is known, otherwise null.</param>
    /// <exception cref="DataFormatException">The data are damaged, or an element cannot be read.</exception>
    public static NpyArray Read(Stream content, NpyPlace place, string prefix, long? length)
    {
        NpyHeader header = NpyHeader.Read(content, place);
        var columns = NpyColumns.Of(header.Type, place);
        if (checked(header.Rows * header.Columns * columns.ElementBytes) > length) throw CutOff(place, header);
        columns.Open(header.Columns, room: length is null ? 0 : header.Rows);
        var reader = new Reader(content, place, header, columns);
        if (header.IsFortranOrder) reader.ReadColumns();
        else reader.ReadRows();
        if (!DataFile.HasEnded(content)) throw place.Fault("something follows the array.");
        return new NpyArray(header, columns.Build(i => header.Dimensions < 2 ? prefix : $"{prefix}{i}"));
    }

    private static DataFormatException CutOff(NpyPlace place, NpyHeader header) => place.Fault(
        $"its {header.Rows} x {header.Columns} elements of type {Printable.Text(header.Type)} are not all there: the data are cut off.");

    private sealed class Reader(Stream content, NpyPlace place, NpyHeader header, NpyColumns columns)
    {
        private byte[] _bytes = [];

        public void ReadColumns()
        {
            for (int column = 0; column < header.Columns; column++)
            {
                for (long row = 0; row < header.Rows;)
                {
                    int rows = (int)Math.Min(header.Rows - row, Math.Max(1, ChunkBytes / columns.ElementBytes));
                    Fill(rows);
                    columns.Append(column, row, rows, _bytes, step: 1);
                    row += rows;
                }
            }
        }

        public void ReadRows()
        {
            for (long row = 0; row < header.Rows && header.Columns > 0;)
            {
                int rows = (int)Math.Min(header.Rows - row, Math.Max(1, ChunkBytes / columns.ElementBytes / header.Columns));
                Fill(rows * header.Columns);
                for (int column = 0; column < header.Columns; column++)
                    columns.Append(column, row, rows, _bytes.AsSpan(column * columns.ElementBytes), header.Columns);
                row += rows;
            }
        }

        private void Fill(int count)
        {
            int length = checked(count * columns.ElementBytes);
            if (_bytes.Length < length) _bytes = new byte[length];
            if (content.ReadAtLeast(_bytes.AsSpan(0, length), length, throwOnEndOfStream: false) < length) throw CutOff(place, header);
        }
    }
}
