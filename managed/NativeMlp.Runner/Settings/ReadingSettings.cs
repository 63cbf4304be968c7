// SPDX-License-Identifier: MIT
namespace NativeMlp.Runner.Settings;

/// <summary>The settings that specify how the file of a table is read, instead of detecting it.</summary>
internal static class ReadingSettings
{
    public static Setting Delimiter { get; } = new("Delimiter", "--delimiter", "C", "one character, or comma, semicolon, tab, pipe or space",
        "Character between two cells. [default: detected]",
        (s, text) => TryCharacter(text, out char c) && c is not ('"' or '\r' or '\n') && Setting.Set(() => s.Table.Reading = s.Table.Reading with { Delimiter = c }));

    public static Setting Decimal { get; } = new("Decimal", "--decimal", "C", "a point or a comma",
        "Decimal separator. [default: a point, or a comma if detected in the file]",
        (s, text) => text is "." or "," && Setting.Set(() => s.Table.Reading = s.Table.Reading with { DecimalSeparator = text[0] }));

    public static Setting Header { get; } = Setting.Flag("Header", "--header", "The first line contains the column names, even if it looks like a row.",
        s => s.Table.Reading = s.Table.Reading with { HasHeader = true });

    public static Setting NoHeader { get; } = Setting.Flag("NoHeader", "--no-header", "The first line is a row. The columns are named column1, column2, ...",
        s => s.Table.Reading = s.Table.Reading with { HasHeader = false });

    public static Setting Comment { get; } = new("Comment", "--comment", "C", "one character",
        "Character that begins a comment line. [default: none]",
        (s, text) => text.Length == 1 && Setting.Set(() => s.Table.Reading = s.Table.Reading with { Comment = text[0] }));

    public static Setting Missing { get; } = Setting.Names("Missing", "--missing", "A,B", "texts such as -999,none",
        "Texts that mean a missing value, in addition to the empty cell, NA, N/A, NaN, null, ? and -.",
        (s, marks) => s.Table.Reading = s.Table.Reading with { Missing = marks });

    public static Setting Thousands { get; } = new("Thousands", "--thousands", "C", "one character, neither a letter nor a digit nor a sign",
        "Character between groups of three digits. [default: none; 1,000 is text]",
        (s, text) => text.Length == 1 && !char.IsAsciiLetterOrDigit(text[0]) && text[0] is not ('+' or '-')
            && Setting.Set(() => s.Table.Reading = s.Table.Reading with { ThousandsSeparator = text[0] }));

    public static Setting Units { get; } = Setting.Flag("Units", "--units", "Reads $5 and 12 % as numbers. [default: as text]",
        s => s.Table.Reading = s.Table.Reading with { AllowUnits = true });

    public static Setting MaxRatio { get; } = new("MaxRatio", "--max-ratio", "X", "a number of at least 1",
        "Maximum ratio of unpacked to packed bytes, checked beyond 32 MiB. [default: 500]",
        (s, text) => Setting.TryReal(text, out double ratio) && ratio >= 1 && Setting.Set(() => s.Table.Reading = s.Table.Reading with { MaxRatio = ratio }));

    public static IReadOnlyList<Setting> All { get; } = [Delimiter, Decimal, Header, NoHeader, Comment, Missing, Thousands, Units, MaxRatio];

    private static bool TryCharacter(string text, out char character)
    {
        character = text.ToLowerInvariant() switch
        {
            "comma" => ',',
            "semicolon" => ';',
            "tab" or @"\t" => '\t',
            "pipe" => '|',
            "space" => ' ',
            _ => text.Length == 1 ? text[0] : '\0',
        };
        return character != '\0';
    }
}
