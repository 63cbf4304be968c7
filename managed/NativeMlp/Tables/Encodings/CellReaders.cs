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

    public static readonly ICellReader Date = new DateReader();

    /// <summary>1 for yes and 0 for no.</summary>
    public static readonly ICellReader YesOrNo = new YesOrNoReader();

    private sealed class NumberReader : ICellReader
    {
        public double Read(double number) => Cell.OfNumber(number);

        public double Read(string? text) => Cell.OfText(text);
    }

    private sealed class DateReader : ICellReader
    {
        public double Read(double number) => DateText.FromSeconds(number) is null ? Cell.Missing : number;

        public double Read(string? text) => text is null ? Cell.Missing
            : DateText.TryParse(text, out double seconds) ? seconds
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
