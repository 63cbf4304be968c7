// SPDX-License-Identifier: MIT
using System.Text.Json;

namespace NativeMlp.Tests.Support;

/// <summary>The lists of valid and broken files of each format, and what must come of each.</summary>
internal static class Manifest
{
    /// <summary>Files of a golden folder ("io" or "malformed") that belong to a format, each with its entry.</summary>
    public static IEnumerable<JsonElement> Entries(string folder, Func<string, bool> belongs)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(TestFiles.PathOf("golden", folder, "manifest.json")));
        return [.. document.RootElement.GetProperty("files").Clone().EnumerateArray().Where(entry => belongs(entry.GetProperty("file").GetString()!))];
    }
}
