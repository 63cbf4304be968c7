// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Reading;

/// <summary>The characters that separate cells.</summary>
internal static class Delimiters
{
    /// <summary>The delimiters that are detected. The comma is last, because it also occurs in numbers and in text.</summary>
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
