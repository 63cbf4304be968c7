// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;

namespace NativeMlp.Onnx.Sources;

/// <summary>Numbers, texts and names as C has them.</summary>
internal static class CText
{
    private static readonly HashSet<string> s_keywords = new(StringComparer.Ordinal)
    {
        "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float", "for", "goto", "if", "inline",
        "int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch", "typedef", "union", "unsigned", "void",
        "volatile", "while", "class", "new", "delete", "private", "public", "protected", "template", "this", "namespace", "operator", "true", "false", "bool",
    };

    /// <summary>The shortest number that a compiler reads as the same float.</summary>
    public static string Number(float value) => WithPoint(value.ToString("R", CultureInfo.InvariantCulture)) + "f";

    /// <summary>The shortest number that a compiler reads as the same double.</summary>
    public static string Number(double value) => WithPoint(value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>A text in quotation marks; what is not plain ASCII as the bytes of UTF-8.</summary>
    public static string Quoted(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (byte unit in Encoding.UTF8.GetBytes(text))
        {
            if (unit is >= 32 and < 127 and not (byte)'"' and not (byte)'\\' and not (byte)'?') quoted.Append((char)unit);
            else quoted.Append('\\').Append(Convert.ToString(unit, 8).PadLeft(3, '0'));
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>A text in a comment, which it cannot end.</summary>
    public static string Comment(string text) => Printable.Text(text, 80).Replace("*/", "* /", StringComparison.Ordinal).Replace("/*", "/ *", StringComparison.Ordinal);

    /// <summary>A name for each text that no other has, of letters, digits and underscores.</summary>
    public static string[] Names(IEnumerable<string> texts)
    {
        HashSet<string> taken = new(StringComparer.Ordinal);
        return [.. texts.Select(text =>
        {
            string name = Name(text), unique = name;
            for (int number = 2; !taken.Add(unique); number++) unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
            return unique;
        })];
    }

    /// <summary>A text as a name.</summary>
    public static string Name(string text)
    {
        string name = string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')).Trim('_');
        if (name.Length == 0) return "column";
        return char.IsAsciiDigit(name[0]) || s_keywords.Contains(name) ? "_" + name : name;
    }

    private static string WithPoint(string number) => number.AsSpan().ContainsAny('.', 'E') ? number : number + ".0";
}
