// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables.Encodings;

/// <summary>Converts the content of a cell to a value as described by <see cref="Cell"/>.</summary>
internal interface ICellReader
{
    /// <summary>Reads a number.</summary>
    double Read(double number);

    /// <summary>Reads a text; null is an empty cell.</summary>
    double Read(string? text);
}

/// <summary>Readers of cells that do not depend on the training rows.</summary>
internal static class CellReaders
{
    public static readonly ICellReader Number = new NumberReader();

    /// <summary>Reads numbers in the format of the model's files.</summary>
    public static ICellReader NumberOf(TableSchema schema) => schema is { DecimalSeparator: null or '.', ThousandsSeparator: null, AllowUnits: false }
        ? Number : new WrittenNumberReader(new WrittenNumber(schema.DecimalSeparator ?? '.', schema.ThousandsSeparator, schema.AllowUnits));

    /// <summary>Reads yes as 1 and no as 0.</summary>
    public static readonly ICellReader YesOrNo = new YesOrNoReader();

    /// <summary>Reads dates. Dates such as <c>03/04/2024</c> have the given order.</summary>
    public static ICellReader Date(DateOrder? order) => new DateReader(order);

    private sealed class NumberReader : ICellReader
    {
        public double Read(double number) => Cell.OfNumber(number);

        public double Read(string? text) => Cell.OfText(text);
    }

    private sealed class WrittenNumberReader(WrittenNumber written) : ICellReader
    {
        public double Read(double number) => Cell.OfNumber(number);

        public double Read(string? text)
        {
            if (text is null) return Cell.Missing;
            if (written.Decimal == '.' && Cell.TryParse(text, out double number)) return Cell.OfNumber(number);
            Span<char> plain = stackalloc char[WrittenNumber.Longest + 1];
            return written.TryMakePlain(text, plain, out int length) && Cell.TryParse(plain[..length], out number) ? Cell.OfNumber(number) : Cell.Unknown;
        }
    }

    private sealed class DateReader(DateOrder? order) : ICellReader
    {
        public double Read(double number) => DateText.FromSeconds(number) is null ? Cell.Missing : number;

        public double Read(string? text) => text is null ? Cell.Missing
            : DateText.TryParse(text, order, out double seconds) ? seconds
            : Cell.TryParse(text, out double number) ? Read(number) // as a column of numbers is read
            : Cell.Unknown;
    }

    private sealed class YesOrNoReader : ICellReader
    {
        public double Read(double number) => number is 0 or 1 ? number : double.IsNaN(number) ? Cell.Missing : Cell.Unknown;

        public double Read(string? text) => text is null ? Cell.Missing
            : Cell.TryParse(text, out bool yes) ? yes ? 1 : 0
            : Cell.TryParse(text, out double number) ? Read(number)
            : Cell.Unknown;
    }
}
