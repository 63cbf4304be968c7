// SPDX-License-Identifier: MIT
using System.Text.RegularExpressions;

namespace NativeMlp.Tests.Interop;

/// <summary>A function as nmlp.h declares it: types without the names of the parameters.</summary>
internal sealed record CFunction(string Name, string Result, string[] Parameters);

/// <summary>A structure as nmlp.h declares it.</summary>
internal sealed record CStruct(string Name, (string Type, string Name)[] Members);

/// <summary>What nmlp.h declares, read from its text.</summary>
internal sealed partial class CHeader
{
    public static CHeader Nmlp { get; } = new(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "nmlp.h")));

    public int AbiVersion { get; }

    public IReadOnlyList<CFunction> Functions { get; }

    public IReadOnlyDictionary<string, (string Name, int Value)[]> Enums { get; }

    public IReadOnlyList<CStruct> Structs { get; }

    private CHeader(string text)
    {
        text = Comments().Replace(text, " ");
        AbiVersion = int.Parse(Abi().Match(text).Groups[1].Value, null);
        Functions = [.. Function().Matches(text).Select(m => new CFunction(m.Groups[2].Value, Words(m.Groups[1].Value), Parameters(m.Groups[3].Value)))];
        Enums = Enum().Matches(text).ToDictionary(m => m.Groups[1].Value, m => Values(m.Groups[2].Value));
        Structs = [.. Struct().Matches(text).Select(m => new CStruct(m.Groups[1].Value, Members(m.Groups[2].Value)))];
    }

    private static string[] Parameters(string list) =>
        list.Trim() == "void" ? [] : [.. list.Split(',').Select(parameter => Words(LastName().Replace(parameter.Trim(), "")))];

    private static (string, int)[] Values(string list) =>
        [.. list.Split(',').Select(value => value.Split('=')).Select(pair => (pair[0].Trim(), int.Parse(pair[1], null)))];

    // "size_t layer, row;" are two members; the type is what stands before the first name.
    private static (string, string)[] Members(string list) =>
        [.. list.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).SelectMany(declaration =>
        {
            string[] names = declaration.Split(',');
            string type = Words(LastName().Replace(names[0], ""));
            return names.Select(name => (type, LastName().Match(name).Value));
        })];

    // One blank between words, none before a star.
    private static string Words(string type) =>
        string.Join(' ', type.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace(" *", "*", StringComparison.Ordinal);

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex(@"#define NMLP_ABI_VERSION (\d+)")]
    private static partial Regex Abi();

    [GeneratedRegex(@"NMLP_API\s+([\w\s*]*?)(nmlp_\w+)\s*\(([^)]*)\)\s*;")]
    private static partial Regex Function();

    [GeneratedRegex(@"typedef enum (\w+)\s*\{([^}]*)\}")]
    private static partial Regex Enum();

    [GeneratedRegex(@"typedef struct (\w+)\s*\{([^}]*)\}")]
    private static partial Regex Struct();

    [GeneratedRegex(@"\w+$")]
    private static partial Regex LastName();
}
