// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Runner.Runs;

/// <summary>The sizes of a run that determine its disk space, in addition to its first network.</summary>
internal sealed record RunSize
{
    /// <summary>The number of folds plus one for the final model.</summary>
    public int Parts { get; init; } = 1;

    /// <summary>The number of test rows whose predictions are saved at the end.</summary>
    public int TestRows { get; init; }

    /// <summary>Whether the model file contains the moments of the optimizer, as for a built-in data set.</summary>
    public bool SavesMoments { get; init; }

    /// <summary>The widest hidden layers of any part; null if they are the same in all parts.</summary>
    public IReadOnlyList<int>? Hidden { get; init; }
}

/// <summary>The disk space that a run needs. It is checked before the first step.</summary>
/// <param name="State">The size of the state of all networks, in bytes.</param>
/// <param name="Model">The size of the model, in bytes.</param>
/// <param name="Metrics">The size of all lines of the metrics, in bytes.</param>
/// <param name="Test">The size of the predictions for the test rows, in bytes.</param>
/// <param name="Kept">The number of states that --keep keeps in addition to the last one.</param>
internal sealed record RunRoom(long State, long Model, long Metrics, long Test, int Kept)
{
    private const long HeaderBytes = 1 << 13; // settings, and the header entries of the tensors of a network
    private const long SettingsBytes = 1 << 13;
    private const long PageBytes = 1 << 19;
    private const long RegionBytes = 1 << 17; // the decision region, and the worst predictions
    private const long BytesOfAnEpoch = 320;
    private const long BytesOfAStep = 160;

    private long Largest => Math.Max(State, Model);

    /// <summary>Computes the disk space of a run from the training of its first network.</summary>
    public static RunRoom Of(TrainingSession session, int networks, RunSize size, RunChoices choices)
    {
        TrainingOptions options = session.Options;
        int rows = session.TrainingRows.Count;
        long values = sizeof(float) * ValuesOf(session.Network, size.Hidden), header = HeaderBytes * networks;
        int moments = MomentsOf(options.Optimizer);
        long steps = choices.LogEvery is { } every ? options.StepsFor(rows) / every : 0;
        return new RunRoom(
            State: (values * (1 + moments + (options.EarlyStopping is null ? 0 : 1)) * networks) + header,
            Model: (values * (1 + (size.SavesMoments ? moments : 0)) * networks) + header,
            Metrics: ((options.EpochsFor(rows) * BytesOfAnEpoch) + (steps * BytesOfAStep)) * networks * size.Parts,
            Test: size.TestRows == 0 ? 0 : (size.TestRows * sizeof(double) * ((2L * session.Network.Outputs) + 1)) + RegionBytes,
            Kept: choices.Keep is > 1 and var keep ? keep : 0);
    }

    /// <summary>Checks the free space in the folder of the run.</summary>
    /// <param name="folder">The folder, which may contain an earlier run.</param>
    /// <param name="resumes">Whether that run is resumed; otherwise its states and metrics are removed before the first step.</param>
    /// <exception cref="RunnerException">There is too little room.</exception>
    public void ThrowIfTooSmall(RunFolder folder, bool resumes) => ThrowIfTooSmall(folder, NeededIn(folder, resumes), Setting.Out);

    /// <summary>Checks the free space in the folder of --spill, which receives the state, settings, metrics and model.</summary>
    /// <exception cref="RunnerException">There is too little room.</exception>
    public void ThrowIfSpillTooSmall(RunFolder spill) => ThrowIfTooSmall(spill, MostAtOnce(
        [(State, spill.LengthOf(RunFolder.Last)), (SettingsBytes, spill.LengthOf(RunFolder.Config)), (Metrics, spill.LengthOf(RunFolder.Metrics)), (Model, spill.LengthOf(RunFolder.Best))]), RunSettings.Spill);

    /// <summary>The maximum additional size of the folder of the run at any time, in bytes.</summary>
    public long NeededIn(RunFolder folder, bool resumes)
    {
        long[] kept = [.. folder.KeptStates.Select(path => new FileInfo(path).Length)];
        long page = folder.LengthOf(RunFolder.Report), state = folder.LengthOf(RunFolder.Last), metrics = folder.LengthOf(RunFolder.Metrics);
        long removed = folder.LengthOf(RunFolder.Test) + (resumes ? 0 : state + metrics + kept.Sum());
        IEnumerable<long> replaced = (resumes ? kept : []).Concat(Enumerable.Repeat(0L, Kept)).Take(Kept);
        return MostAtOnce([
            (SettingsBytes, folder.LengthOf(RunFolder.Config)),
            (resumes ? metrics : 0, resumes ? metrics : 0), // only the lines before the state
            (Math.Max(Metrics - (resumes ? metrics : 0), 0), 0),
            (PageBytes, page),
            (State, resumes ? state : 0),
            .. replaced.Select(old => (State, old)),
            (State, State),
            (Model, folder.LengthOf(RunFolder.Best)),
            (Test, 0),
            (PageBytes, PageBytes),
        ]) - removed;
    }

    /// <summary>The maximum additional size while files are replaced one after another. An old file exists until the new one is
    /// renamed.</summary>
    /// <param name="files">The sizes of the new and the old file, in bytes.</param>
    public static long MostAtOnce(IReadOnlyList<(long New, long Old)> files)
    {
        long most = 0, now = 0;
        foreach ((long added, long replaced) in files)
        {
            most = Math.Max(most, now + added);
            now += added - replaced;
        }

        return most;
    }

    private void ThrowIfTooSmall(RunFolder folder, long needed, Setting option)
    {
        string path = Printable.Path(folder.Folder);
        try
        {
            if (FreeIn(folder.Folder) is { } free && free < needed)
                throw new RunnerException(ExitCodes.Unexpected, $"{path} is on a disk with {Format.Count(free)} free bytes, but the run needs {Format.Count(needed)}. Free some space, or choose another {option.Option}.");
            AtomicFile.Probe(folder.Folder, Largest, Math.Clamp(needed, SettingsBytes, Largest));
        }
        catch (Exception e) when (WriteFault.Is(e))
        {
            throw new RunnerException(ExitCodes.Unexpected, $"The run needs files of up to {Format.Count(Largest)} bytes in {path}, but they cannot be written: {WriteFault.Reason(e)}", e);
        }
    }

    private static long ValuesOf(Mlp network, IReadOnlyList<int>? hidden)
    {
        if (hidden is null)
            return network.Layers.Sum(layer => layer.Tensors.Sum(layer.LengthOf));
        int[] widths = [network.Inputs, .. hidden, network.Outputs];
        return Enumerable.Range(1, widths.Length - 1).Sum(i => (widths[i - 1] + 1L) * widths[i]);
    }

    private static int MomentsOf(Optimizer optimizer)
    {
        OptimizerTraits traits = OptimizerTraits.Of(optimizer.Kind);
        bool[] moments = [traits.HasFirstMoment, traits.HasSecondMoment, optimizer.HasThirdMoment];
        return moments.Count(isKept => isKept);
    }

    // Null if the system does not report it.
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
