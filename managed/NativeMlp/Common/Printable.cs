// SPDX-License-Identifier: MIT
using System.Buffers;
using System.Globalization;
using System.Text;

namespace NativeMlp;

/// <summary>Makes text from outside (a file name, a cell, a metadata value, an environment variable) safe and
/// short enough for a message, so that it can neither control a terminal nor fill it.</summary>
/// <remarks>Characters that are not visible become escapes such as <c>\u001B</c>. The result contains none of them, so
/// text that has passed twice is the same as text that has passed once.</remarks>
internal static class Printable
{
    /// <summary>The maximum number of characters of a quoted value.</summary>
    public const int ValueLength = 200;

    /// <summary>The maximum number of characters of a message.</summary>
    public const int MessageLength = 2000;

    // Long enough for most paths. For longer ones, the beginning and the end are shown.
    private const int PathLength = 400;
    private const char Ellipsis = '…';

    /// <summary>The text, escaped, with at most <paramref name="most"/> characters, and "…" for the removed part.</summary>
    public static string Text(ReadOnlySpan<char> text, int most = ValueLength)
    {
        StringBuilder visible = new();
        while (!text.IsEmpty)
        {
            string piece = Next(ref text);
            if (visible.Length + piece.Length > most) return visible.Append(Ellipsis).ToString();
            visible.Append(piece);
        }

        return visible.ToString();
    }

    /// <summary>The text as <see cref="Text"/> shows it, between single quotation marks.</summary>
    public static string Quoted(ReadOnlySpan<char> text, int most = ValueLength) => $"'{Text(text, most)}'";

    /// <summary>A message, escaped, its line breaks kept.</summary>
    public static string Lines(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => Text(line, MessageLength)));

    /// <summary>Returns a path, escaped. The middle of a long path is left out, because its end is the most important part.</summary>
    public static string Path(string path)
    {
        string visible = Text(path, int.MaxValue);
        return visible.Length <= PathLength ? visible : $"{visible[..(PathLength / 2)]}{Ellipsis}{visible[^(PathLength / 2)..]}";
    }

    // The next character as it may be shown.
    private static string Next(ref ReadOnlySpan<char> text)
    {
        bool valid = Rune.DecodeFromUtf16(text, out Rune rune, out int length) == OperationStatus.Done;
        ReadOnlySpan<char> character = text[..length];
        text = text[length..];
        if (!valid) return Escape(character[0]);
        return IsVisible(rune) ? character.ToString() : Escape(rune.Value);
    }

    // Format characters can turn the direction of what follows; the separators break lines.
    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string Escape(int character) => character switch
    {
        '\t' => @"\t",
        '\n' => @"\n",
        '\r' => @"\r",
        <= char.MaxValue => string.Create(CultureInfo.InvariantCulture, $@"\u{character:X4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $@"\U{character:X8}"),
    };
}
