// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;

namespace NativeMlp.Runner.Settings;

/// <summary>The settings of the folder of a run, as given.</summary>
internal sealed class RunChoices
{
    public string? Config { get; set; }
    public string? Resume { get; set; }
    public string? Spill { get; set; }
    public CheckpointInterval? CheckpointEvery { get; set; }
    public int? Keep { get; set; }
    public int? LogEvery { get; set; }
    public bool Overwrite { get; set; }
}

/// <summary>The settings of the folder of a run. None of them changes the training.</summary>
internal static class RunSettings
{
    private const int MostStates = 1000;

    public static Setting Config { get; } = new("Config", "--config", "FILE", "a file",
        "Repeats a run from its config.json, with the same bytes as result. Other options take precedence.",
        (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Run.Config = text));

    public static Setting Resume { get; } = new("Resume", "--resume", "DIR", "the folder of a run, or a state in it",
        "Resumes an interrupted run from its last state. The result has the same bytes as that of an uninterrupted run.",
        (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Run.Resume = text));

    public static Setting CheckpointEvery { get; } = new("CheckpointEvery", "--checkpoint-every", "N|TIME", "a number of steps, a time such as 30s, 5m or 1h, or epoch",
        "When to save the state: every N steps, every 30s, 5m or 1h, or after each epoch. [default: 10s]",
        (s, text) => CheckpointInterval.TryParse(text, out CheckpointInterval every) && Setting.Set(() => s.Run.CheckpointEvery = every));

    public static Setting Keep { get; } = Setting.Whole("KeepStates", "--keep", 1, MostStates,
        "Number of states to keep. With 2 or more, copies of the last states are kept as state-STEP.safetensors. [default: 1]", (s, n) => s.Run.Keep = n);

    public static Setting LogEvery { get; } = Setting.Whole("LogEvery", "--log-every", 1, int.MaxValue,
        "Also writes a line into metrics.jsonl after every N steps.", (s, n) => s.Run.LogEvery = n);

    public static Setting Spill { get; } = new("Spill", "--spill", "DIR", "a folder",
        "Folder, preferably on another disk, where the run is saved if its own folder cannot be written.",
        (s, text) => Setting.IsPath(text) && Setting.Set(() => s.Run.Spill = text));

    public static Setting Overwrite { get; } = Setting.Flag("Overwrite", "--overwrite", "Replaces the earlier run in the folder of --out.", s => s.Run.Overwrite = true);

    public static IReadOnlyList<Setting> All { get; } = [Config, Resume, CheckpointEvery, Keep, LogEvery, Spill, Overwrite];

    /// <summary>The settings that may be given with --resume: where the data are, how long the run is, and what does not change any byte.</summary>
    public static IReadOnlyList<Setting> BesideResume => [Resume, CheckpointEvery, Keep, LogEvery, Spill, Setting.Data, Setting.DataDir, Setting.Epochs, Setting.Steps, Setting.Threads, ReportSettings.Quiet];

    /// <summary>Refuses settings that would change a resumed run.</summary>
    /// <exception cref="RunnerException">Such an option was typed.</exception>
    public static void CheckResume(RunnerSettings chosen)
    {
        if (chosen.Run.Resume is null)
            return;
        foreach ((Setting setting, SettingOrigin origin) in chosen.Origins)
        {
            if (origin.IsTyped && !BesideResume.Contains(setting))
                throw RunnerException.Usage($"{origin.Name} cannot be given with {Resume.Option}: a resumed run keeps the settings of its config.json. Leave the option out, or begin a new run with {Config.Option}.");
        }
    }
}
