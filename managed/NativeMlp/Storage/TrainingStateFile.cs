// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;
using NativeMlp.State;

namespace NativeMlp.Storage;

/// <summary>A <see cref="TrainingState"/> as a safetensors file: numbers and settings in its metadata, parameters, moments and
/// the best parameters so far as tensors <c>parameter.N</c>, <c>first.N</c>, <c>second.N</c>, <c>third.N</c> and <c>best.N</c>.</summary>
public static class TrainingStateFile
{
    private const string Format = "nativemlp-state";
    private const string Version = "1";
    private const string Setting = "setting.";

    /// <summary>Saves a state; an old file is replaced as a whole or not at all.</summary>
    /// <param name="state">The state.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(TrainingState state, string path)
    {
        ArgumentNullException.ThrowIfNull(state);
        List<WrittenTensor> tensors = [];
        Add(tensors, "parameter.", state.Network.Parameters);
        Add(tensors, "first.", state.Network.FirstMoments);
        Add(tensors, "second.", state.Network.SecondMoments);
        Add(tensors, "third.", state.Network.ThirdMoments);
        Add(tensors, "best.", state.Stopping?.Parameters ?? []);
        SafeTensorsWriter.Write(path, tensors, Describe(state));
    }

    /// <summary>Loads a state that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">It is damaged, of a newer version, or no training state.</exception>
    public static TrainingState Load(string path)
    {
        using SafeTensorsSource file = new(path);
        var entries = new Entries(path, file.Metadata);
        if (file.Metadata.GetValueOrDefault("format") != Format)
            throw new DataFormatException(path, $"its metadata do not say format={Format}, so it is not the state of a training run.");
        if (entries.Text("version") != Version)
            throw new DataFormatException(path, $"it is of version {Printable.Quoted(entries.Text("version"))}; this program reads version {Version}.");
        return new TrainingState
        {
            Settings = file.Metadata.Where(entry => entry.Key.StartsWith(Setting, StringComparison.Ordinal))
                .ToDictionary(entry => entry.Key[Setting.Length..], entry => entry.Value),
            Train = entries.Data("train") ?? throw new DataFormatException(path, "its metadata lack 'train.sha256'."),
            Validation = entries.Data("validation"),
            Position = new TrainingPosition(entries.Number<int>("position.epoch"), entries.Number<int>("position.row"), entries.Number<long>("position.step")),
            Sums = new EpochSums(entries.Number<double>("sums.loss"), entries.Number<long>("sums.correct"), entries.Number<long>("sums.rows")),
            Schedule = new ScheduleState(entries.Number<double>("schedule.rate"), entries.Number<int>("schedule.epochs"),
                entries.Number<double>("schedule.best_loss"), entries.Number<int>("schedule.waited")),
            Stopping = entries.Has("stopping.best_epoch")
                ? new StoppingState(entries.Number<int>("stopping.best_epoch"), entries.Number<double>("stopping.best_loss"),
                    entries.Number<int>("stopping.waited"), Tensors(file, "best."))
                : null,
            Network = new NetworkState(entries.OptimizerState(), Tensors(file, "parameter."), Tensors(file, "first."), Tensors(file, "second."))
            {
                ThirdMoments = Tensors(file, "third."),
            },
        };
    }

    private static Dictionary<string, string> Describe(TrainingState state)
    {
        var entries = new Dictionary<string, string> { ["format"] = Format, ["version"] = Version };
        foreach ((string name, string text) in state.Settings) entries[Setting + name] = text;
        Describe(entries, "train", state.Train);
        if (state.Validation is { } validation) Describe(entries, "validation", validation);
        entries["position.epoch"] = Text(state.Position.Epoch);
        entries["position.row"] = Text(state.Position.Row);
        entries["position.step"] = Text(state.Position.Step);
        entries["sums.loss"] = Text(state.Sums.Loss);
        entries["sums.correct"] = Text(state.Sums.Correct);
        entries["sums.rows"] = Text(state.Sums.Rows);
        entries["schedule.rate"] = Text(state.Schedule.Rate);
        entries["schedule.epochs"] = Text(state.Schedule.Epochs);
        entries["schedule.best_loss"] = Text(state.Schedule.BestLoss);
        entries["schedule.waited"] = Text(state.Schedule.Waited);
        if (state.Stopping is { } stopping)
        {
            entries["stopping.best_epoch"] = Text(stopping.BestEpoch);
            entries["stopping.best_loss"] = Text(stopping.BestLoss);
            entries["stopping.waited"] = Text(stopping.Waited);
        }

        OptimizerState optimizer = state.Network.Optimizer;
        entries["optimizer.kind"] = optimizer.Kind.ToString();
        entries["optimizer.steps"] = Text(optimizer.Steps);
        entries["optimizer.beta1_power"] = Text(optimizer.Beta1Power);
        entries["optimizer.beta2_power"] = Text(optimizer.Beta2Power);
        return entries;
    }

    private static void Describe(Dictionary<string, string> entries, string which, DataFingerprint data)
    {
        entries[which + ".rows"] = Text(data.Rows);
        entries[which + ".features"] = Text(data.Features);
        entries[which + ".classes"] = Text(data.Classes);
        entries[which + ".targets"] = Text(data.Targets);
        entries[which + ".sha256"] = data.Sha256;
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static void Add(List<WrittenTensor> tensors, string prefix, IReadOnlyList<float[]> values) =>
        tensors.AddRange(values.Select((array, i) => WrittenTensor.Floats(prefix + Text(i), [array.Length], () => array)));

    private static float[][] Tensors(SafeTensorsSource file, string prefix)
    {
        var values = new List<float[]>();
        while (file.Tensors.TryGetValue(prefix + Text(values.Count), out TensorEntry? tensor)) values.Add(file.ReadFloats(tensor));
        return [.. values];
    }

    /// <summary>The metadata of a file, each entry as what it must be.</summary>
    private sealed class Entries(string path, IReadOnlyDictionary<string, string> entries)
    {
        public bool Has(string name) => entries.ContainsKey(name);

        public string Text(string name) =>
            entries.GetValueOrDefault(name) ?? throw new DataFormatException(path, $"its metadata lack '{name}'.");

        public T Number<T>(string name)
            where T : ISpanParsable<T> =>
            T.TryParse(Text(name), CultureInfo.InvariantCulture, out T? value)
                ? value : throw new DataFormatException(path, $"its metadata say {name}={Printable.Quoted(Text(name))}; it must be a number.");

        public DataFingerprint? Data(string which) => !Has(which + ".sha256") ? null
            : new DataFingerprint(Number<int>(which + ".rows"), Number<int>(which + ".features"), Number<int>(which + ".classes"),
                Number<int>(which + ".targets"), Text(which + ".sha256"));

        public OptimizerState OptimizerState() => new(
            Enum.TryParse(Text("optimizer.kind"), out OptimizerKind kind) && Enum.IsDefined(kind)
                ? kind : throw new DataFormatException(path, $"its metadata say optimizer.kind={Printable.Quoted(Text("optimizer.kind"))}, which names no optimizer."),
            Number<ulong>("optimizer.steps"), Number<double>("optimizer.beta1_power"), Number<double>("optimizer.beta2_power"));
    }
}
