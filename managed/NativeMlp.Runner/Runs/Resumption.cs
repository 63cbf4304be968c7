// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.State;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Runner.Runs;

/// <summary>Restores the networks of an interrupted run, or reports why that is impossible.</summary>
internal static class Resumption
{
    /// <summary>Loads the state that a run resumes from.</summary>
    /// <returns>Null if the run was stopped before its first state was saved: the run then starts again.</returns>
    /// <exception cref="RunnerException">The run has only states that --keep has kept.</exception>
    /// <exception cref="Data.DataFormatException">The state is damaged.</exception>
    public static RunState? Load(RunFolder folder, RunPlace place)
    {
        if (File.Exists(place.State))
            return TrainingStateFile.LoadRun(place.State);
        if (folder.KeptStates.LastOrDefault() is { } newest)
        {
            throw RunnerException.Usage($"The run in {Printable.Path(folder.Folder)} has no {RunFolder.Last}, but it has kept states; "
                + $"resume from the newest one with {Invocation.Program} train {RunSettings.Resume.Option} {Invocation.Quote(newest)}.");
        }

        Failure.Warn($"The run in {Printable.Path(folder.Folder)} has no state; it starts again from its first step.");
        return null;
    }

    /// <summary>Restores the state of a network; does nothing if the network has none.</summary>
    /// <exception cref="RunnerException">The state belongs to other networks, settings or rows.</exception>
    public static void Restore(RunFolder folder, TrainingSession session, int network, int networks, IReadOnlyList<TrainingState?> states)
    {
        if (states.Count > 0 && states.Count != networks)
            throw RunnerException.Usage($"The run in {Printable.Path(folder.Folder)} cannot be resumed: its state has {states.Count} networks, but these settings and rows need {networks}.");
        if (states.ElementAtOrDefault(network) is not { } state)
            return;
        try
        {
            session.Restore(state);
        }
        catch (ArgumentException e)
        {
            throw RunnerException.Usage($"The run in {Printable.Path(folder.Folder)} cannot be resumed: {Reason(session, state, e)}");
        }
    }

    // --epochs and --steps change past steps only through a schedule that depends on the length of the run.
    private static string Reason(TrainingSession session, TrainingState state, ArgumentException refused) =>
        LengthReason(session, state, Setting.Epochs, nameof(TrainingOptions.Epochs), session.Options.Epochs)
            ?? LengthReason(session, state, Setting.Steps, nameof(TrainingOptions.MaxSteps), session.Options.MaxSteps) ?? Failure.Reason(refused);

    private static string? LengthReason(TrainingSession session, TrainingState state, Setting setting, string name, long now)
    {
        if (!session.Options.Schedule.DependsOnLength || state.Settings.GetValueOrDefault(name) is not { } before || before == now.ToString(CultureInfo.InvariantCulture))
            return null;
        ScheduleKind schedule = session.Options.Schedule is LearningRateSchedule.OneCycle ? ScheduleKind.OneCycle : ScheduleKind.Cosine;
        string began = before == "0" ? $"without {setting.Option}" : $"with {setting.Option} {before}";
        return $"{setting.Option} {now} would change steps already taken, because {Setting.Schedule.Option} {Words.Of(schedule)} depends on the total number of steps; the run started {began}.";
    }
}
