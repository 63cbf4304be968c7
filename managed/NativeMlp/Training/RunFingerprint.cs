// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using NativeMlp.Data;
using NativeMlp.Interop;
using NativeMlp.State;

namespace NativeMlp.Training;

/// <summary>Identifies a run: the settings that determine its bytes, as names and texts, and its data, as hashes.</summary>
internal sealed class RunFingerprint(MlpOptions network, TrainingOptions training, Dataset train, Dataset? validation)
{
    // Options that were added after the first version of the file, with their values in earlier runs.
    private static readonly Dictionary<string, string> Later = OfLater(new Optimizer());

    private readonly Lazy<DataFingerprint> _train = new(() => Of(train));
    private readonly Lazy<DataFingerprint?> _validation = new(() => validation is null ? null : Of(validation));

    /// <summary>All options except those that do not change any byte: <see cref="MlpOptions.Threads"/>,
    /// <see cref="MlpOptions.MaxBatch"/> and the initialisation of the weights.</summary>
    /// <remarks>The names are written to files and therefore never change, even if an option is renamed.</remarks>
    public IReadOnlyDictionary<string, string> Settings { get; } =
        new Dictionary<string, string>([.. OfNetwork(network), .. OfTraining(training), .. OfOptimizer(training.Optimizer)]);

    /// <summary>The fingerprint of the training rows, computed on first use.</summary>
    public DataFingerprint Train => _train.Value;

    /// <summary>The fingerprint of the validation rows; null if there are none.</summary>
    public DataFingerprint? Validation => _validation.Value;

    /// <summary>Starts to compute the fingerprints on another thread. Rows with a <see cref="Dataset.Source"/> are left for the first use,
    /// because a source is called by one thread at a time.</summary>
    public void Prepare()
    {
        if (train.Source is null) Compute(_train);
        if (validation is { Source: null }) Compute(_validation);
    }

    private static void Compute<T>(Lazy<T> fingerprint)
    {
        BusyThread busy = new();
        Task.Run(() =>
        {
            using (busy) _ = fingerprint.Value;
        });
    }

    /// <exception cref="ArgumentException">The state is of other settings or other data; the message names the
    /// difference.</exception>
    public void ThrowIfDifferent(TrainingState state)
    {
        foreach ((string name, string text) in Settings)
        {
            string? captured = state.Settings.GetValueOrDefault(name) ?? Later.GetValueOrDefault(name);
            if (captured != text && !MayDiffer(name))
                Throw.Argument($"The state was captured with {name} = {Printable.Text(captured ?? "nothing")}; this run has {name} = {text}.", nameof(state));
        }

        ThrowIfDifferent("training", state.Train, Train);
        ThrowIfDifferent("validation", state.Validation, Validation);
    }

    // A longer or shorter run begins with the same steps, unless the schedule divides them by their number.
    private bool MayDiffer(string name) =>
        name is "Epochs" or "MaxSteps" && !training.Schedule.DependsOnLength;

    private static void ThrowIfDifferent(string which, DataFingerprint? captured, DataFingerprint? here)
    {
        if (captured == here) return;
        if (captured is null || here is null)
            Throw.Argument($"The state was captured {(captured is null ? "without" : "with")} {which} rows; this run is {(here is null ? "without" : "with")} them.");
        if (captured with { Sha256 = "" } == here with { Sha256 = "" })
            Throw.Argument($"The {which} rows are not those that the state was captured with: they have the same size, but different contents.");
        Throw.Argument($"The state was captured with {Text(captured)} of {which} data; this run has {Text(here)}.");
    }

    private static FormattableString Text(DataFingerprint data) =>
        $"{data.Rows} rows of {data.Features} features and {(data.Targets > 0 ? data.Targets : data.Classes)} {(data.Targets > 0 ? "targets" : "classes")}";

    private static IEnumerable<KeyValuePair<string, string>> OfNetwork(MlpOptions options)
    {
        yield return Pair(nameof(options.Inputs), options.Inputs);
        yield return Pair(nameof(options.Loss), options.Loss);
        yield return Pair(nameof(options.LossDelta), options.LossDelta);
        yield return Pair(nameof(options.LabelSmoothing), options.LabelSmoothing);
        yield return Pair(nameof(options.ClassWeights), string.Join(' ', options.ClassWeights.Select(weight => Text(weight))));
        yield return Pair(nameof(options.NormEpsilon), options.NormEpsilon);
        yield return Pair(nameof(options.NormMomentum), options.NormMomentum);
        yield return Pair("MlpOptions.Seed", options.Seed); // of dropout
        int number = 0;
        foreach (LayerShape layer in options.Shapes())
        {
            string place = string.Create(CultureInfo.InvariantCulture, $"Layers[{number++}].");
            yield return Pair(place + nameof(layer.Outputs), layer.Outputs);
            yield return Pair(place + nameof(layer.Activation), layer.Activation);
            yield return Pair(place + nameof(layer.ActivationAlpha), layer.ActivationAlpha);
            yield return Pair(place + nameof(layer.Pieces), layer.Pieces);
            yield return Pair(place + nameof(layer.Norm), layer.Norm);
            yield return Pair(place + nameof(layer.Dropout), layer.Dropout);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> OfTraining(TrainingOptions options)
    {
        yield return Pair(nameof(options.Epochs), options.Epochs);
        yield return Pair(nameof(options.MaxSteps), options.MaxSteps);
        yield return Pair(nameof(options.BatchSize), options.BatchSize);
        yield return Pair("Drawing", options.Sampling);
        yield return Pair("TrainingOptions.Seed", options.Seed);
        yield return Pair(nameof(options.Schedule), Invariant(options.Schedule));
        yield return Pair(nameof(options.EarlyStopping), Invariant(options.EarlyStopping));
    }

    private static IEnumerable<KeyValuePair<string, string>> OfOptimizer(Optimizer options)
    {
        yield return Pair("Optimizer", options.Kind);
        yield return Pair(nameof(options.LearningRate), options.LearningRate);
        yield return Pair(nameof(options.L2), options.L2);
        yield return Pair(nameof(options.Momentum), options.Momentum);
        yield return Pair(nameof(options.Beta1), options.Beta1);
        yield return Pair(nameof(options.Beta2), options.Beta2);
        yield return Pair(nameof(options.Epsilon), options.Epsilon);
        yield return Pair("Smoothing", options.Rho);
        yield return Pair(nameof(options.WeightDecay), options.WeightDecay);
        yield return Pair(nameof(options.DecayBiases), options.DecayBiases);
        yield return Pair(nameof(options.ClipNorm), options.ClipNorm);
        yield return Pair(nameof(options.ClipValue), options.ClipValue);
        yield return Pair(nameof(options.MaxNorm), options.MaxNorm);
        foreach (KeyValuePair<string, string> later in OfLater(options)) yield return later;
    }

    private static Dictionary<string, string> OfLater(Optimizer options) => new(
    [
        Pair(nameof(options.AmsGrad), options.AmsGrad),
        Pair(nameof(options.Centered), options.Centered),
        Pair(nameof(options.Dampening), options.Dampening),
        Pair(nameof(options.InitialAccumulator), options.InitialAccumulator),
    ]);

    private static KeyValuePair<string, string> Pair(string name, object value) => new(name, Text(value));

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    // A record prints its numbers in the culture of the thread.
    private static string Invariant(object? record)
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return record?.ToString() ?? "none";
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static DataFingerprint Of(Dataset data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        BatchReader.OfAllRows(data).PourFeatures(hash.AppendData);
        FloatBytes.Pour(MemoryMarshal.Cast<int, float>(data.Labels), hash.AppendData); // their bits
        FloatBytes.Pour(data.Targets, hash.AppendData);
        FloatBytes.Pour(data.Weights, hash.AppendData);
        FloatBytes.Pour(data.Mean, hash.AppendData);
        hash.AppendData(MemoryMarshal.AsBytes([data.Scale]));
        FloatBytes.Pour(data.Scales, hash.AppendData);
        return new DataFingerprint(data.Count, data.Features, data.Classes, data.TargetCount, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
