// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>Features of rows that are computed when they are read, so that they need not all be in memory. One caller at a time may
/// read.</summary>
internal interface IRowSource
{
    /// <summary>Computes some rows.</summary>
    /// <param name="rows">Which ones, in order.</param>
    /// <param name="features">Receives <c>[rows × features]</c>.</param>
    void Read(ReadOnlySpan<int> rows, Memory<float> features);
}
