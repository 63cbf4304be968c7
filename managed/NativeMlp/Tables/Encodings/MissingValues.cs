// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables.Encodings;

/// <summary>The texts and numbers that stand for a missing value.</summary>
internal sealed class MissingValues
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _texts;
    private readonly double[] _numbers;

    /// <summary>Makes a set of marks; one that is written as a number stands for that number, too.</summary>
    public MissingValues(IReadOnlyList<string> marks)
    {
        _texts = new HashSet<string>(marks, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _numbers = [.. marks.Select(mark => Cell.TryParse(mark, out double number) ? number : double.NaN).Where(double.IsFinite)];
    }

    /// <summary>The numbers.</summary>
    public IReadOnlyList<double> Numbers => _numbers;

    /// <summary>Whether a text stands for a missing value; white space around it does not count.</summary>
    public bool Contains(ReadOnlySpan<char> text) => _texts.Contains(text.Trim());

    /// <summary>What a text says to a reader.</summary>
    public double Read(ICellReader reader, string? text) => text is null || Contains(text) ? Cell.Missing : reader.Read(text);

    /// <summary>What a number says to a reader.</summary>
    public double Read(ICellReader reader, double number) => _numbers.AsSpan().Contains(number) ? Cell.Missing : reader.Read(number);
}
