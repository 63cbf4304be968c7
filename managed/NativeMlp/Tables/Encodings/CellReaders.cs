// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables.Encodings;

/// <summary>Turns what stands in a cell into what it says, as <see cref="Cell"/> describes it.</summary>
internal interface ICellReader
{
    /// <summary>What a number says.</summary>
    double Read(double number);

    /// <summary>What a text says; null is an empty cell.</summary>
    double Read(string? text);
}

/// <summary>Readers of cells that need not have learned anything.</summary>
internal static class CellReaders
{
    public static readonly ICellReader Number = new NumberReader();

    /// <summary>1 for yes and 0 for no.</summary>
    public static readonly ICellReader YesOrNo = new YesOrNoReader();

    /// <summary>Dates; those such as <c>03/04/2024</c> in an order.</summary>
    public static ICellReader Date(DateOrder? order) => new DateReader(order);

    private sealed class NumberReader : ICellReader
    {
        public double Read(double number) => Cell.OfNumber(number);

        public double Read(string? text) => Cell.OfText(text);
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
