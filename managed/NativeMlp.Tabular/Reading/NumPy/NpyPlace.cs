// SPDX-License-Identifier: MIT
using NativeMlp.Data;

namespace NativeMlp.Tabular.Reading.NumPy;

/// <summary>Where an array is.</summary>
/// <param name="File">The file.</param>
/// <param name="Entry">Its name in an archive; null if it is the file.</param>
internal sealed record NpyPlace(string File, string? Entry = null)
{
    /// <summary>What is wrong with it.</summary>
    public DataFormatException Fault(string problem) => new(File, Entry is null ? problem : $"array {Printable.Quoted(Entry)}: {problem}");
}
