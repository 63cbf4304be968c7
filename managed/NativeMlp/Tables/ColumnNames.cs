// SPDX-License-Identifier: MIT
using System.Diagnostics.CodeAnalysis;

namespace NativeMlp.Tables;

/// <summary>Messages about missing columns.</summary>
internal static class ColumnNames
{
    private const int MostNames = 8;

    /// <exception cref="ArgumentException">Always thrown. The message names the missing and the existing columns.</exception>
    [DoesNotReturn]
    public static void ThrowMissing(IReadOnlyList<string> missing, IEnumerable<string> there)
    {
        string[] names = [.. there];
        string sentence = $"{(missing.Count == 1 ? "The column" : "The columns")} {List(missing)} {(missing.Count == 1 ? "is" : "are")} required but missing";
        string hint = missing.Count == 1 ? Similar.Hint(missing[0], names) : "";
        throw new ArgumentException(hint.Length > 0 ? $"{sentence}{hint} There {Present(names)}." : $"{sentence}; there {Present(names)}.");
    }

    /// <summary>Returns the names for a message; if there are many, only the first ones.</summary>
    public static string List(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNames).Select(name => Printable.Quoted(name))) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");

    private static string Present(string[] names) => names.Length switch
    {
        0 => "are no columns",
        1 => $"is {List(names)}",
        _ => $"are {List(names)}",
    };
}
