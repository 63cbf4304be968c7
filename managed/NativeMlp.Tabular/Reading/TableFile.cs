// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Reading;

/// <summary>A table that was read from a file, and what was found out about the file.</summary>
/// <param name="Name">The path, or what stands for it in messages.</param>
/// <param name="Table">The table.</param>
/// <param name="Format">How the file is written.</param>
/// <param name="Notes">What the reader noticed and its user should know, one sentence each.</param>
/// <param name="NotNumbers">For each column of text that <see cref="CellKind.Auto"/> might have read as numbers: the first cell
/// that is none.</param>
public sealed record TableFile(
    string Name, Table Table, TableFormat Format, IReadOnlyList<string> Notes, IReadOnlyDictionary<string, NotANumber> NotNumbers)
{
    /// <summary>The cells that stood for a missing value, for a model that shall understand a new row in the same way.</summary>
    public IReadOnlyList<string> MissingMarks { get; init; } = [];
}

/// <summary>How a file with a table is written.</summary>
/// <param name="Kind">The kind of file.</param>
/// <param name="Delimiter">The character between two cells; null where there is none.</param>
/// <param name="DecimalSeparator">The decimal separator; null where numbers are binary.</param>
/// <param name="HasHeader">Whether the first record names the columns.</param>
public sealed record TableFormat(TableFileKind Kind, char? Delimiter = null, char? DecimalSeparator = null, bool HasHeader = false)
{
    /// <summary>The name of <see cref="Delimiter"/>, such as "comma".</summary>
    public string? DelimiterName => Delimiter is char delimiter ? Delimiters.Name(delimiter) : null;
}

/// <summary>A kind of file that holds a table.</summary>
public enum TableFileKind
{
    /// <summary>Text in which a character separates the cells (RFC 4180), plain or gzip.</summary>
    DelimitedText,

    /// <summary>NumPy's format of one array.</summary>
    Npy,

    /// <summary>NumPy's archive of several arrays.</summary>
    Npz,
}

/// <summary>A cell that is no number.</summary>
/// <param name="Line">The line on which its record begins, from 1.</param>
/// <param name="Cell">What stands there.</param>
public sealed record NotANumber(long Line, string Cell);
