// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Reading;

/// <summary>The options for reading a table from a file. Options that are not set are detected from the file.</summary>
public sealed record TableReaderOptions
{
    /// <summary>The character between two cells; null to detect a comma, semicolon, tab or pipe.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The decimal separator, a point or a comma. If null, it is a comma if cells are separated by semicolons and the
    /// numbers show it, otherwise a point.</summary>
    public char? DecimalSeparator { get; init; }

    /// <summary>Whether the first record contains the column names; null to detect it, or to refuse an ambiguous file.</summary>
    public bool? HasHeader { get; init; }

    /// <summary>The character that begins a comment line; null for no comments.</summary>
    public char? Comment { get; init; }

    /// <summary>Texts that mean a missing value, in addition to the empty cell, <c>NA</c>, <c>N/A</c>, <c>NaN</c>, <c>null</c>,
    /// <c>?</c> and <c>-</c>. A number means a missing value regardless of how it is written.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>The character between groups of three digits, as in <c>1,234,567</c>; null for none. Such a cell is then
    /// text.</summary>
    public char? ThousandsSeparator { get; init; }

    /// <summary>Whether a currency sign or a percent sign around a number is ignored: <c>12 %</c> is 12. Otherwise such a cell
    /// is text.</summary>
    public bool AllowUnits { get; init; }

    /// <summary>How individual columns are read, by name. <see cref="OtherColumns"/> applies to the others.</summary>
    public IReadOnlyDictionary<string, CellKind> Columns { get; init; } = new Dictionary<string, CellKind>();

    /// <summary>How columns are read that are not in <see cref="Columns"/>.</summary>
    public CellKind OtherColumns { get; init; }

    /// <summary>The maximum ratio of unpacked to packed bytes, checked beyond 32 MiB, because a small file could fill the
    /// memory.</summary>
    public double MaxRatio { get; init; } = 500;

    /// <summary>The maximum number of threads; 0 for <see cref="NativeLibraryInfo.DefaultThreads"/>. The result does not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Receives the progress of the reader from time to time. It may be called from any thread, but by one at a time.</summary>
    public IProgress<TableReaderProgress>? Progress { get; init; }
}

/// <summary>The progress of a reader.</summary>
/// <param name="Rows">The number of rows that have been read.</param>
/// <param name="Bytes">The number of bytes of the file that have been read.</param>
/// <param name="Length">The length of the file; 0 if it is unknown.</param>
public readonly record struct TableReaderProgress(long Rows, long Bytes, long Length);
