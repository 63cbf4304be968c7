// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Runs;

/// <summary>The file <c>config.json</c> of a run: a settings file that contains the value of every setting, and a version number.</summary>
internal static class RunConfig
{
    private const string Version = "Version";
    private const int NewestVersion = 1;

    private static readonly JsonWriterOptions s_indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>The file of the run that --config or --resume names; null if neither is given.</summary>
    /// <param name="text">Returns the text of a setting, or null if it is not given.</param>
    /// <exception cref="RunnerException">The run does not exist, or its file has a newer version.</exception>
    public static string? Find(Func<Setting, string?> text)
    {
        string? config = text(RunSettings.Config), resume = text(RunSettings.Resume);
        if (config is { Length: > 0 } && resume is { Length: > 0 })
            throw RunnerException.Usage($"{RunSettings.Config.Option} repeats a run and {RunSettings.Resume.Option} continues one: give only one of them.");
        if (resume is { Length: > 0 })
            return Checked(Path.Combine(RunPlace.Of(resume).Folder, RunFolder.Config), RunSettings.Resume);
        return config is { Length: > 0 } ? Checked(config, RunSettings.Config) : null;
    }

    /// <summary>Writes a file with these settings.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> settings)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, s_indented))
        {
            writer.WriteStartObject();
            writer.WriteNumber(Version, NewestVersion);
            writer.WriteStartObject(RunnerSettings.Section);
            settings(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>Writes those settings of the folder that belong to the run.</summary>
    public static void WriteChoices(Utf8JsonWriter writer, RunChoices choices)
    {
        writer.WriteString(RunSettings.CheckpointEvery.Key, (choices.CheckpointEvery ?? CheckpointInterval.Default).ToString());
        writer.WriteNumber(RunSettings.Keep.Key, choices.Keep ?? 1);
        if (choices.LogEvery is { } steps)
            writer.WriteNumber(RunSettings.LogEvery.Key, steps);
    }

    private static string Checked(string path, Setting setting)
    {
        if (!File.Exists(path))
            throw RunnerException.Usage($"{setting.Option}: {Printable.Path(path)} does not exist{(setting == RunSettings.Resume ? ", so the folder is not the folder of a run" : "")}.");
        if (VersionOf(path) is { } version && version > NewestVersion)
            throw RunnerException.Usage($"{Printable.Path(path)} has version {version}, but this program reads versions up to {NewestVersion}. Use a newer version of NativeMlp.");
        return path;
    }

    // A file that is not JSON is refused, with line and byte, when the settings are read.
    private static int? VersionOf(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(Version, out JsonElement version)
                && version.TryGetInt32(out int number) ? number : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RunnerException.BadData($"{Printable.Path(path)} cannot be read: {Failure.Reason(e)}", e);
        }
    }
}
