// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Runner.Runs;

/// <summary>The room that a run will need on the disk, which is looked for before the first step, not after the last.</summary>
internal static class RunRoom
{
    private const long OtherBytes = 1 << 16; // headers and settings
    private const long BytesOfALine = 400;

    /// <exception cref="RunnerException">There is too little room.</exception>
    public static void ThrowIfTooSmall(string folder, TrainingSession session, int networks, RunChoices choices)
    {
        long state = BytesOfState(session) * networks, model = sizeof(float) * session.Network.ParameterCount * networks;
        long lines = session.Options.Epochs + (choices.LogEvery is { } every ? session.Options.StepsFor(session.TrainingRows.Count) / every : 0);
        int states = 2 + (choices.Keep is > 1 and var keep ? keep : 0); // an old one is there until the new one has its name
        long needed = (states * state) + model + (BytesOfALine * lines * networks) + OtherBytes;
        try
        {
            if (FreeIn(folder) is { } free && free < needed)
                throw new RunnerException(ExitCodes.Unexpected, $"{Printable.Path(folder)} is on a disk with {Format.Count(free)} free bytes; the run will need {Format.Count(needed)}. Make room, or choose another {Setting.Out.Option}.");
            AtomicFile.Probe(folder, Math.Max(state, model));
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw new RunnerException(ExitCodes.Unexpected, $"The run could not be saved in {Printable.Path(folder)}, which will have files of up to {Format.Count(Math.Max(state, model))} bytes: {WriteFault.Reason(e)}", e);
        }
    }

    private static long BytesOfState(TrainingSession session)
    {
        Optimizer optimizer = session.Options.Optimizer;
        OptimizerTraits traits = OptimizerTraits.Of(optimizer.Kind);
        bool[] others = [traits.HasFirstMoment, traits.HasSecondMoment, optimizer.HasThirdMoment, session.Options.EarlyStopping is not null];
        int copies = 1 + others.Count(isKept => isKept);
        return sizeof(float) * session.Network.ParameterCount * copies;
    }

    // Null where the system does not tell.
    private static long? FreeIn(string folder)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
