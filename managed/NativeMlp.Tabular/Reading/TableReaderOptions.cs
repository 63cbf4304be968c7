// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Reading;

/// <summary>How a table is read from a file. What is not said is found from the file.</summary>
public sealed record TableReaderOptions
{
    /// <summary>The character between two cells; null to find it among comma, semicolon, tab and pipe.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The decimal separator, a point or a comma; null for a comma where cells are separated by semicolons and the
    /// numbers say so, otherwise a point.</summary>
    public char? DecimalSeparator { get; init; }

    /// <summary>Whether the first record names the columns; null to find out, or to refuse a file that does not tell.</summary>
    public bool? HasHeader { get; init; }

    /// <summary>The character that begins a line of comment; null if there are no comments.</summary>
    public char? Comment { get; init; }

    /// <summary>Cells that stand for a missing value, beside the empty cell, <c>NA</c>, <c>N/A</c>, <c>NaN</c>, <c>null</c>,
    /// <c>?</c> and <c>-</c>. A number is missing wherever it has that value, however it is written.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>The character between groups of three digits, as in <c>1,234,567</c>; null if there is none: such a cell is
    /// text.</summary>
    public char? ThousandsSeparator { get; init; }

    /// <summary>Whether a currency sign or a percent sign around a number is left out: <c>12 %</c> is 12. Otherwise such a cell
    /// is text.</summary>
    public bool AllowUnits { get; init; }

    /// <summary>How single columns are read, by name; the others are read as <see cref="OtherColumns"/> says.</summary>
    public IReadOnlyDictionary<string, CellKind> Columns { get; init; } = new Dictionary<string, CellKind>();

    /// <summary>How a column is read that <see cref="Columns"/> does not name.</summary>
    public CellKind OtherColumns { get; init; }

    /// <summary>The greatest ratio of unpacked to packed bytes that is read beyond 32 MiB, because a small file could fill the
    /// memory.</summary>
    public double MaxRatio { get; init; } = 500;

    /// <summary>The maximum number of threads; 0 for <see cref="NativeLibraryInfo.DefaultThreads"/>. The result does not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>Is told from time to time how far the reader is; may be called from any thread, but by one at a time.</summary>
    public IProgress<TableReaderProgress>? Progress { get; init; }
}

/// <summary>How far a reader is.</summary>
/// <param name="Rows">The rows that have been read.</param>
/// <param name="Bytes">The bytes of the file that have been read.</param>
/// <param name="Length">The length of the file; 0 if it is not known.</param>
public readonly record struct TableReaderProgress(long Rows, long Bytes, long Length);
