// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.State;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Runner.Runs;

/// <summary>Puts the networks of a run where it was interrupted, or says why that cannot be.</summary>
internal static class Resumption
{
    /// <summary>Loads the state that a run is to go on from.</summary>
    /// <returns>Null where the run was stopped before its first state: then it begins again.</returns>
    /// <exception cref="RunnerException">Only kept states are there.</exception>
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

        Failure.Warn($"The run in {Printable.Path(folder.Folder)} has no state; it begins at its first step.");
        return null;
    }

    /// <summary>Puts a network where the run was interrupted; nothing happens where it has no state.</summary>
    /// <exception cref="RunnerException">The state is of other networks, settings or rows.</exception>
    public static void Restore(RunFolder folder, TrainingSession session, int network, int networks, IReadOnlyList<TrainingState?> states)
    {
        if (states.Count > 0 && states.Count != networks)
            throw RunnerException.Usage($"The run in {Printable.Path(folder.Folder)} cannot go on: its state is that of {states.Count} networks, these settings and rows make {networks}.");
        if (states.ElementAtOrDefault(network) is not { } state)
            return;
        try
        {
            session.Restore(state);
        }
        catch (ArgumentException e)
        {
            throw RunnerException.Usage($"The run in {Printable.Path(folder.Folder)} cannot go on: {Reason(session, state, e)}");
        }
    }

    // A schedule that is stretched over the run is the one thing that --epochs and --steps can change of what was done.
    private static string Reason(TrainingSession session, TrainingState state, ArgumentException refused) =>
        LengthReason(session, state, Setting.Epochs, nameof(TrainingOptions.Epochs), session.Options.Epochs)
            ?? LengthReason(session, state, Setting.Steps, nameof(TrainingOptions.MaxSteps), session.Options.MaxSteps) ?? Failure.Reason(refused);

    private static string? LengthReason(TrainingSession session, TrainingState state, Setting setting, string name, long now)
    {
        if (!session.Options.Schedule.DependsOnLength || state.Settings.GetValueOrDefault(name) is not { } before || before == now.ToString(CultureInfo.InvariantCulture))
            return null;
        string began = before == "0" ? $"without {setting.Option}" : $"with {setting.Option} {before}";
        return $"{setting.Option} {now} would change steps already taken, because the schedule {session.Options.Schedule.GetType().Name} depends on the total number of steps; the run began {began}.";
    }
}
