// SPDX-License-Identifier: MIT
using NativeMlp.Data;

namespace NativeMlp.Tables.Encodings;

/// <summary>Rows of a table that are encoded when they are read.</summary>
/// <param name="table">The table.</param>
/// <param name="chosen">The rows of the table, in order.</param>
/// <param name="threads">The maximum number of threads; 0 for <see cref="NativeLibraryInfo.DefaultThreads"/>.</param>
internal sealed class EncodedRows(BoundTable table, int[] chosen, int threads) : IRowSource
{
    private int[] _rows = [];

    public void Read(ReadOnlySpan<int> rows, Memory<float> features)
    {
        if (_rows.Length < rows.Length) _rows = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++) _rows[i] = chosen[rows[i]];
        table.Encode(_rows.AsMemory(0, rows.Length), features, threads);
    }
}
