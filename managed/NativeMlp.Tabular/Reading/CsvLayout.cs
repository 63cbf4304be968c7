// SPDX-License-Identifier: MIT
using System.Globalization;
using nietras.SeparatedValues;

namespace NativeMlp.Tabular.Reading;

/// <summary>The format of the records of a file, and the names of its columns.</summary>
internal sealed record CsvLayout
{
    public required string Name { get; init; }

    public required char Delimiter { get; init; }

    public required bool HasHeader { get; init; }

    public required IReadOnlyList<string> Columns { get; init; }

    public required NumberSyntax Numbers { get; init; }

    public required MissingMarks Missing { get; init; }

    /// <summary>Notes about the file, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public TableFormat Format => new(TableFileKind.DelimitedText, Delimiter, Numbers.Decimal, HasHeader);

    /// <summary>The records of a text.</summary>
    /// <remarks>Quotation marks are left in the cells, because this library checks them itself.</remarks>
    public static SepReader Open(TextReader text, char delimiter) => new SepReaderOptions(new Sep(delimiter))
    {
        HasHeader = false,
        DisableColCountCheck = true,
        Unescape = false,
        Trim = SepTrim.None,
        CultureInfo = CultureInfo.InvariantCulture,
    }.From(text);

    /// <summary>Whether a record is an empty line.</summary>
    public static bool IsBlank(SepReader.Row row) => row.ColCount == 1 && row[0].Span.IsWhiteSpace();

    /// <summary>Returns a description of the column with this index.</summary>
    public string Describe(int column) => Printable.Quoted(Columns[column], most: 60);
}
