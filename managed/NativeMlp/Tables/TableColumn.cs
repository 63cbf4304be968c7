// SPDX-License-Identifier: MIT
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Tables;

/// <summary>One column of a <see cref="Table"/>: a <see cref="NumberColumn"/> or a <see cref="TextColumn"/>.</summary>
public abstract class TableColumn
{
    private protected TableColumn(string name) => Name = name ?? throw new ArgumentNullException(nameof(name));

    /// <summary>The name of the column.</summary>
    public string Name { get; }

    /// <summary>The number of rows.</summary>
    public abstract int Count { get; }

    /// <summary>Whether the column has no value in <paramref name="row"/>.</summary>
    public abstract bool IsMissing(int row);

    /// <summary>The value of a row as the name of a category; null if it is missing. A number becomes the shortest text that is read as
    /// the same number.</summary>
    internal abstract string? NameAt(int row);

    /// <summary>Copies some rows.</summary>
    internal abstract TableColumn Take(int[] rows);
}

/// <summary>A column of numbers. NaN is a missing value.</summary>
public sealed class NumberColumn : TableColumn
{
    private readonly ReadOnlyMemory<double> _values;

    /// <summary>Creates a column of <paramref name="values"/>, without copying them.</summary>
    public NumberColumn(string name, ReadOnlyMemory<double> values)
        : base(name) => _values = values;

    /// <summary>The values, one for each row; NaN if it is missing.</summary>
    public ReadOnlySpan<double> Values => _values.Span;

    /// <inheritdoc/>
    public override int Count => _values.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => double.IsNaN(Values[row]);

    internal override NumberColumn Take(int[] rows) => new(Name, Array.ConvertAll(rows, row => Values[row]));

    internal override string? NameAt(int row) => double.IsFinite(Values[row]) ? Cell.NameOf(Values[row]) : null;
}

/// <summary>A column of text, stored as the distinct values and the index of each row's value.</summary>
public sealed class TextColumn : TableColumn
{
    private readonly ReadOnlyMemory<int> _codes;

    /// <summary>
    /// Creates a column whose row i has the value <c>distinct[codes[i]]</c>, or a missing value if <c>codes[i]</c> is −1. Neither
    /// array is copied.
    /// </summary>
    /// <exception cref="ArgumentException">A code is below −1 or not below the number of distinct values.</exception>
    public TextColumn(string name, IReadOnlyList<string> distinct, ReadOnlyMemory<int> codes)
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(distinct);
        foreach (int code in codes.Span)
        {
            if (code < -1 || code >= distinct.Count)
                throw new ArgumentException($"Code {code} is not one of the {distinct.Count} distinct values of {Printable.Quoted(name)}, nor −1 for a missing value.", nameof(codes));
        }
        Distinct = distinct;
        _codes = codes;
    }

    /// <summary>Creates a column from the values of its rows. Null is a missing value.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="values"/> is null.</exception>
    public static TextColumn FromValues(string name, IEnumerable<string?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var distinct = new List<string>();
        var codes = new List<int>();
        foreach (string? value in values)
        {
            int code = -1;
            if (value is not null && !numbers.TryGetValue(value, out code))
            {
                numbers.Add(value, code = distinct.Count);
                distinct.Add(value);
            }

            codes.Add(code);
        }

        return new TextColumn(name, distinct, codes.ToArray());
    }

    /// <summary>The distinct values, in the order of their first row.</summary>
    public IReadOnlyList<string> Distinct { get; }

    /// <summary>The index of each row's value in <see cref="Distinct"/>; −1 if it is missing.</summary>
    public ReadOnlySpan<int> Codes => _codes.Span;

    /// <inheritdoc/>
    public override int Count => _codes.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => Codes[row] < 0;

    internal override TextColumn Take(int[] rows) => new(Name, Distinct, Array.ConvertAll(rows, row => Codes[row]));

    internal override string? NameAt(int row) => this[row];

    /// <summary>The value of <paramref name="row"/>; null if it is missing.</summary>
    public string? this[int row] => Codes[row] is int code and >= 0 ? Distinct[code] : null;
}
