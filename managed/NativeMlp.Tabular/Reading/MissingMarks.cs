// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Reading;

/// <summary>The texts that mean a missing value.</summary>
internal sealed class MissingMarks
{
    private static readonly string[] s_usual = ["NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?", "-"];

    private readonly HashSet<string> _all;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _marks;
    private readonly double[] _numbers;
    private readonly int _longest;

    public MissingMarks(IReadOnlyList<string> more, NumberSyntax syntax)
    {
        _all = new HashSet<string>(["", .. s_usual, .. more.Select(mark => mark.Trim())], StringComparer.Ordinal);
        _marks = _all.GetAlternateLookup<ReadOnlySpan<char>>();
        _longest = _all.Max(mark => mark.Length);
        _numbers = [.. Numbers(more, syntax)];
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<string> All => [.. _all];

    /// <summary>Whether a cell without its quotation marks is a missing value.</summary>
    public bool Contains(ReadOnlySpan<char> cell)
    {
        cell = cell.Trim();
        return cell.IsEmpty || (cell.Length <= _longest && _marks.Contains(cell));
    }

    /// <summary>Whether some numbers mean a missing value.</summary>
    public bool HasNumbers => _numbers.Length > 0;

    /// <summary>Whether a number means a missing value.</summary>
    public bool Contains(double value) => _numbers.Length > 0 && _numbers.AsSpan().Contains(value);

    private static IEnumerable<double> Numbers(IReadOnlyList<string> marks, NumberSyntax syntax)
    {
        foreach (string mark in marks)
        {
            if (syntax.TryParse(mark, out double value)) yield return value;
        }
    }
}
