// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp.Runner.Settings;

/// <summary>A list of names in one text, separated by commas. A name that contains a comma is enclosed in double quotation marks, and a
/// quotation mark inside it is doubled, as in a CSV file.</summary>
internal static class NameList
{
    private const char Quote = '"';
    private const char Separator = ',';

    /// <summary>Splits a text into its names.</summary>
    /// <returns>False if a name is empty, or if quotation marks do not enclose a whole name.</returns>
    public static bool TryParse(string text, out string[] names)
    {
        List<string> found = [];
        int at = 0;
        bool good;
        do
        {
            good = TryTake(text, ref at, out string name);
            found.Add(name);
        }
        while (good && at++ < text.Length); // at a separator, or at the end
        names = good ? [.. found] : [];
        return good;
    }

    /// <summary>Returns the text that <see cref="TryParse"/> splits into these names.</summary>
    public static string Join(IEnumerable<string> names) => string.Join(Separator, names.Select(Quoted));

    private static string Quoted(string name) => name.AsSpan().ContainsAny(Quote, Separator) || name.Trim().Length != name.Length
        ? $"{Quote}{name.Replace("\"", "\"\"", StringComparison.Ordinal)}{Quote}" : name;

    private static bool TryTake(string text, ref int at, out string name)
    {
        int start = at;
        while (start < text.Length && char.IsWhiteSpace(text[start]))
            start++;
        if (start < text.Length && text[start] == Quote)
            return TryTakeQuoted(text, start + 1, ref at, out name);
        int end = text.IndexOf(Separator, at);
        name = text[at..(end < 0 ? text.Length : end)].Trim();
        at = end < 0 ? text.Length : end;
        return name.Length > 0;
    }

    private static bool TryTakeQuoted(string text, int start, ref int at, out string name)
    {
        StringBuilder content = new();
        bool closed = false;
        for (at = start; at < text.Length && !closed; at++)
        {
            if (text[at] != Quote)
                content.Append(text[at]);
            else if (at + 1 < text.Length && text[at + 1] == Quote)
                content.Append(text[at++]);
            else
                closed = true;
        }

        name = content.ToString();
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return closed && name.Length > 0 && (at == text.Length || text[at] == Separator);
    }
}
