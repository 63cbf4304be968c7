// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Reading;

/// <summary>A table that was read from a file, and information about the file.</summary>
/// <param name="Name">The path, or the name in messages.</param>
/// <param name="Table">The table.</param>
/// <param name="Format">The format of the file.</param>
/// <param name="Notes">Notes for the user, one sentence each.</param>
/// <param name="NotNumbers">For each column of text that <see cref="CellKind.Auto"/> might have read as numbers: the first cell
/// that is none.</param>
public sealed record TableFile(
    string Name, Table Table, TableFormat Format, IReadOnlyList<string> Notes, IReadOnlyDictionary<string, NotANumber> NotNumbers)
{
    /// <summary>The texts that meant a missing value. A model uses them to read new rows in the same way.</summary>
    public IReadOnlyList<string> MissingMarks { get; init; } = [];
}

/// <summary>The format of a file with a table.</summary>
/// <param name="Kind">The kind of file.</param>
/// <param name="Delimiter">The character between two cells; null if there is none.</param>
/// <param name="DecimalSeparator">The decimal separator; null if numbers are binary.</param>
/// <param name="HasHeader">Whether the first record names the columns.</param>
public sealed record TableFormat(TableFileKind Kind, char? Delimiter = null, char? DecimalSeparator = null, bool HasHeader = false)
{
    /// <summary>The name of <see cref="Delimiter"/>, such as "comma".</summary>
    public string? DelimiterName => Delimiter is char delimiter ? Delimiters.Name(delimiter) : null;
}

/// <summary>A kind of file that contains a table.</summary>
public enum TableFileKind
{
    /// <summary>Text in which a character separates the cells (RFC 4180), plain or gzip.</summary>
    DelimitedText,

    /// <summary>NumPy's format of one array.</summary>
    Npy,

    /// <summary>NumPy's archive of several arrays.</summary>
    Npz,
}

/// <summary>A cell that is not a number.</summary>
/// <param name="Line">The line on which its record begins, from 1.</param>
/// <param name="Cell">The text of the cell.</param>
public sealed record NotANumber(long Line, string Cell);
