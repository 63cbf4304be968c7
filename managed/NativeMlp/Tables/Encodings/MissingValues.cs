// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables.Encodings;

/// <summary>The texts and numbers that mean a missing value.</summary>
internal sealed class MissingValues
{
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _texts;
    private readonly double[] _numbers;

    /// <summary>Makes the set of a schema's marks; one that is written as a number stands for that number, too.</summary>
    public MissingValues(TableSchema schema)
    {
        _texts = new HashSet<string>(schema.MissingMarks, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _numbers = [.. schema.MissingMarks.Select(CellReaders.NumberOf(schema).Read).Where(double.IsFinite)];
    }

    /// <summary>The numbers.</summary>
    public IReadOnlyList<double> Numbers => _numbers;

    /// <summary>Whether a text means a missing value. White space around it is ignored.</summary>
    public bool Contains(ReadOnlySpan<char> text) => _texts.Contains(text.Trim());

    /// <summary>Reads a text with a reader.</summary>
    public double Read(ICellReader reader, string? text) => text is null || Contains(text) ? Cell.Missing : reader.Read(text);

    /// <summary>Reads a number with a reader.</summary>
    public double Read(ICellReader reader, double number) => _numbers.AsSpan().Contains(number) ? Cell.Missing : reader.Read(number);
}
