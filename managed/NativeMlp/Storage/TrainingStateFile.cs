// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;
using NativeMlp.State;

namespace NativeMlp.Storage;

/// <summary>A <see cref="TrainingState"/> as a safetensors file: numbers and settings in its metadata, parameters, moments and
/// the best parameters so far as tensors <c>parameter.N</c>, <c>first.N</c>, <c>second.N</c>, <c>third.N</c> and <c>best.N</c>.</summary>
/// <remarks>A run of several networks has one file. The names of network <c>i</c> begin with <c>networks.i.</c>, those of the
/// first have no prefix.</remarks>
public static class TrainingStateFile
{
    private const string Format = "nativemlp-state";
    private const string Version = "1";
    private const string VersionOfSeveral = "2"; // a program that supports only one network must not read the first as the whole state
    private const string Networks = "networks";
    private const string Setting = "setting.";
    private const string Note = "note.";
    private const int MostNetworks = 10_000;

    /// <summary>Saves a state. An old file is replaced atomically.</summary>
    /// <param name="state">The state.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(TrainingState state, string path)
    {
        ArgumentNullException.ThrowIfNull(state);
        Save(new RunState([state], new Dictionary<string, string>()), path);
    }

    /// <summary>Loads a state that <see cref="Save(TrainingState, string)"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">The file is damaged, has a newer version, or is not the state of one network.</exception>
    public static TrainingState Load(string path)
    {
        RunState run = LoadRun(path);
        return run.Networks is [{ } state] ? state
            : throw new DataFormatException(path, run.Networks.Count == 1 ? "its metadata lack 'train.sha256'."
                : $"it has the states of {run.Networks.Count} networks: it belongs to the run of an ensemble.");
    }

    /// <param name="run">The state.</param>
    /// <param name="path">The file.</param>
    /// <param name="beforeFlush">Invoked when the content is complete, before it is flushed to disk and replaces an old file.</param>
    /// <inheritdoc cref="Save(TrainingState, string)"/>
    internal static void Save(RunState run, string path, Action? beforeFlush = null)
    {
        var entries = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["version"] = run.Networks.Count == 1 ? Version : VersionOfSeveral,
            [ContentHash.Name] = ContentHash.Blank,
            [Networks] = Text(run.Networks.Count),
        };
        foreach ((string name, string text) in run.Notes) entries[Note + name] = text;
        List<WrittenTensor> tensors = [];
        for (int i = 0; i < run.Networks.Count; i++)
        {
            if (run.Networks[i] is not { } state) continue;
            Describe(entries, Prefix(i), state);
            Add(tensors, Prefix(i) + "parameter.", state.Network.Parameters);
            Add(tensors, Prefix(i) + "first.", state.Network.FirstMoments);
            Add(tensors, Prefix(i) + "second.", state.Network.SecondMoments);
            Add(tensors, Prefix(i) + "third.", state.Network.ThirdMoments);
            Add(tensors, Prefix(i) + "best.", state.Stopping?.Parameters ?? []);
        }

        SafeTensorsWriter.Write(path, tensors, entries, beforeFlush);
    }

    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="DataFormatException">The file is damaged, has a newer version, or is not a training state.</exception>
    internal static RunState LoadRun(string path)
    {
        using SafeTensorsSource file = new(path);
        file.ThrowIfContentChanged();
        StateEntries entries = new(path, file.Metadata, "");
        if (file.Metadata.GetValueOrDefault("format") != Format)
            throw new DataFormatException(path, $"its metadata do not say format={Format}, so it is not the state of a training run.");
        if (entries.Text("version") is not (Version or VersionOfSeveral))
            throw new DataFormatException(path, $"it is of version {Printable.Quoted(entries.Text("version"))}; this program reads versions {Version} and {VersionOfSeveral}: use a newer NativeMlp.");
        int count = entries.Has(Networks) ? entries.Number<int>(Networks) : 1;
        if (count is < 1 or > MostNetworks)
            throw new DataFormatException(path, $"its metadata say {Networks}={count}; it must be from 1 to {MostNetworks}.");
        return new RunState(
            [.. Enumerable.Range(0, count).Select(i => Read(path, file, Prefix(i)))],
            Stripped(file.Metadata, Note));
    }

    private static TrainingState? Read(string path, SafeTensorsSource file, string prefix)
    {
        StateEntries entries = new(path, file.Metadata, prefix);
        if (!entries.Has("train.sha256")) return null;
        return new TrainingState
        {
            Settings = Stripped(file.Metadata, prefix + Setting),
            Train = entries.Data("train")!,
            Validation = entries.Data("validation"),
            Position = new TrainingPosition(entries.Number<int>("position.epoch"), entries.Number<int>("position.row"), entries.Number<long>("position.step")),
            Sums = new EpochSums(entries.Number<double>("sums.loss"), entries.Number<long>("sums.correct"), entries.Number<long>("sums.rows")),
            Schedule = new ScheduleState(entries.Number<double>("schedule.rate"), entries.Number<int>("schedule.epochs"),
                entries.Number<double>("schedule.best_loss"), entries.Number<int>("schedule.waited")),
            Stopping = entries.Has("stopping.best_epoch")
                ? new StoppingState(entries.Number<int>("stopping.best_epoch"), entries.Number<double>("stopping.best_loss"),
                    entries.Number<int>("stopping.waited"), Tensors(file, prefix + "best."))
                : null,
            Network = new NetworkState(entries.OptimizerState(),
                Tensors(file, prefix + "parameter."), Tensors(file, prefix + "first."), Tensors(file, prefix + "second."))
            {
                ThirdMoments = Tensors(file, prefix + "third."),
            },
        };
    }

    private static Dictionary<string, string> Stripped(IReadOnlyDictionary<string, string> metadata, string prefix) =>
        metadata.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value);

    private static void Describe(Dictionary<string, string> entries, string prefix, TrainingState state)
    {
        foreach ((string name, string text) in state.Settings) entries[prefix + Setting + name] = text;
        Describe(entries, prefix + "train", state.Train);
        if (state.Validation is { } validation) Describe(entries, prefix + "validation", validation);
        entries[prefix + "position.epoch"] = Text(state.Position.Epoch);
        entries[prefix + "position.row"] = Text(state.Position.Row);
        entries[prefix + "position.step"] = Text(state.Position.Step);
        entries[prefix + "sums.loss"] = Text(state.Sums.Loss);
        entries[prefix + "sums.correct"] = Text(state.Sums.Correct);
        entries[prefix + "sums.rows"] = Text(state.Sums.Rows);
        entries[prefix + "schedule.rate"] = Text(state.Schedule.Rate);
        entries[prefix + "schedule.epochs"] = Text(state.Schedule.Epochs);
        entries[prefix + "schedule.best_loss"] = Text(state.Schedule.BestLoss);
        entries[prefix + "schedule.waited"] = Text(state.Schedule.Waited);
        if (state.Stopping is { } stopping)
        {
            entries[prefix + "stopping.best_epoch"] = Text(stopping.BestEpoch);
            entries[prefix + "stopping.best_loss"] = Text(stopping.BestLoss);
            entries[prefix + "stopping.waited"] = Text(stopping.Waited);
        }

        OptimizerState optimizer = state.Network.Optimizer;
        entries[prefix + "optimizer.kind"] = optimizer.Kind.ToString();
        entries[prefix + "optimizer.steps"] = Text(optimizer.Steps);
        entries[prefix + "optimizer.beta1_power"] = Text(optimizer.Beta1Power);
        entries[prefix + "optimizer.beta2_power"] = Text(optimizer.Beta2Power);
    }

    private static void Describe(Dictionary<string, string> entries, string which, DataFingerprint data)
    {
        entries[which + ".rows"] = Text(data.Rows);
        entries[which + ".features"] = Text(data.Features);
        entries[which + ".classes"] = Text(data.Classes);
        entries[which + ".targets"] = Text(data.Targets);
        entries[which + ".sha256"] = data.Sha256;
    }

    private static string Prefix(int network) => network == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"networks.{network}.");

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static void Add(List<WrittenTensor> tensors, string prefix, IReadOnlyList<float[]> values) =>
        tensors.AddRange(values.Select((array, i) => WrittenTensor.Floats(prefix + Text(i), [array.Length], () => array)));

    private static float[][] Tensors(SafeTensorsSource file, string prefix)
    {
        var values = new List<float[]>();
        while (file.Tensors.TryGetValue(prefix + Text(values.Count), out TensorEntry? tensor)) values.Add(file.ReadFloats(tensor));
        return [.. values];
    }
}
