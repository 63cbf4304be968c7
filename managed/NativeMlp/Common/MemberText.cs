// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace NativeMlp;

/// <summary>The members of a record as its <c>ToString</c> shows them, lists with their elements.</summary>
internal sealed class MemberText(StringBuilder builder)
{
    private const int MostElements = 8;

    /// <summary>Whether a member has been added; what a record's <c>PrintMembers</c> answers.</summary>
    public bool Any { get; private set; }

    /// <summary>Adds a member; its name is the expression.</summary>
    public MemberText Add<T>(T value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        builder.Append(Any ? ", " : "").Append(name).Append(" = ").Append(Text(value));
        Any = true;
        return this;
    }

    /// <summary>Adds a list; of a long one the first elements and how many there are.</summary>
    public MemberText AddList<T>(IReadOnlyList<T> values, [CallerArgumentExpression(nameof(values))] string name = "") =>
        AddFirst([.. values.Take(MostElements)], values.Count, name);

    /// <inheritdoc cref="AddList{T}(IReadOnlyList{T}, string)"/>
    public MemberText AddList<T>(ReadOnlyMemory<T> values, [CallerArgumentExpression(nameof(values))] string name = "") =>
        AddFirst(values.Span[..Math.Min(values.Length, MostElements)].ToArray(), values.Length, name);

    /// <summary>Adds the sizes of a matrix.</summary>
    public MemberText AddMatrix(double[,]? matrix, [CallerArgumentExpression(nameof(matrix))] string name = "") =>
        Add(matrix is null ? "" : string.Create(CultureInfo.InvariantCulture, $"[{matrix.GetLength(0)} × {matrix.GetLength(1)}]"), name);

    private MemberText AddFirst<T>(T[] first, int count, string name)
    {
        string rest = count > first.Length ? string.Create(CultureInfo.InvariantCulture, $", … {count} in all") : "";
        return Add($"[{string.Join(", ", first.Select(Text))}{rest}]", name);
    }

    private static string Text<T>(T value) => value is IFormattable number
        ? number.ToString(null, CultureInfo.InvariantCulture) : Printable.Text(value?.ToString(), Printable.MessageLength);
}
