// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Data;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>The settings of a run, as in <c>config.json</c>.</summary>
/// <param name="Settings">The keys and their values as text, in the order of the file.</param>
internal sealed record ConfigRecord(IReadOnlyList<(string Key, string Value)> Settings)
{
    /// <summary>The value of a setting; null if the file does not contain it.</summary>
    public string? this[string key] => Settings.FirstOrDefault(setting => setting.Key.Equals(key, StringComparison.OrdinalIgnoreCase)).Value;

    /// <exception cref="DataFormatException">The file is not a settings file.</exception>
    public static ConfigRecord Read(string folder)
    {
        string path = Path.Combine(folder, RunFolder.Config);
        if (!File.Exists(path))
            return new ConfigRecord([]);
        try
        {
            using JsonDocument file = JsonDocument.Parse(File.ReadAllText(path));
            JsonElement root = file.RootElement.TryGetProperty(RunnerSettings.Section, out JsonElement section) ? section : file.RootElement;
            return new ConfigRecord([.. root.EnumerateObject().Select(setting => (setting.Name, TextOf(setting.Value)))]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new DataFormatException(path, $"it is not a settings file: {e.Message}");
        }
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(TextOf)),
        JsonValueKind.String => value.GetString() ?? "",
        _ => value.GetRawText(),
    };
}
