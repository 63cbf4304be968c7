// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;

namespace NativeMlp.Onnx.Sources;

/// <summary>Texts and names as C# has them.</summary>
internal static class CSharpText
{
    /// <summary>A text in quotation marks.</summary>
    public static string Quoted(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char letter in text)
        {
            if (letter is '"' or '\\') quoted.Append('\\').Append(letter);
            else if (letter is >= ' ' and <= '~') quoted.Append(letter);
            else quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}");
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A text in a documentation comment.</summary>
    public static string Comment(string text) => Printable.Text(text, 80).Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>A text as a name whose words begin with capitals.</summary>
    public static string Name(string text, string otherwise)
    {
        string[] words = string.Concat(text.Select(letter => char.IsLetterOrDigit(letter) ? letter : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string name = string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
        return name.Length == 0 ? otherwise : char.IsLetter(name[0]) ? name : "_" + name;
    }

    /// <summary>A name for each text that no other has.</summary>
    public static string[] Names(IEnumerable<string> texts, params IEnumerable<string> taken)
    {
        HashSet<string> names = new(taken, StringComparer.Ordinal);
        return [.. texts.Select(text =>
        {
            string name = Name(text, "Column"), unique = name;
            for (int number = 2; !names.Add(unique); number++) unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
            return unique;
        })];
    }
}
