// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Reading;

/// <summary>The characters that separate cells.</summary>
internal static class Delimiters
{
    /// <summary>Those that are looked for. A comma comes last, because it stands in numbers and in text as well.</summary>
    public static ReadOnlySpan<char> Candidates => ['\t', ';', '|', ','];

    public static string Name(char delimiter) => delimiter switch
    {
        ',' => "comma",
        ';' => "semicolon",
        '\t' => "tab",
        '|' => "pipe",
        ' ' => "space",
        _ => Printable.Quoted([delimiter]),
    };
}
