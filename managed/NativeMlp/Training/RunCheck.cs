// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.State;

namespace NativeMlp.Training;

/// <summary>Checks that network, data, options and a captured state match.</summary>
internal static class RunCheck
{
    public static void ThrowIfUnfit(Mlp mlp, Dataset train, TrainingOptions options, Dataset? validation)
    {
        ArgumentNullException.ThrowIfNull(mlp);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ThrowIfUnfit(mlp, train, nameof(train));
        if (validation is not null) ThrowIfUnfit(mlp, validation, nameof(validation));
        if (options.BatchSize > train.Count)
            Throw.Argument($"TrainingOptions.BatchSize is {options.BatchSize}; the data set {Printable.Quoted(train.Name)} has {train.Count} rows.");
        if (options.BatchSize > mlp.Options.MaxBatch)
            Throw.Argument($"TrainingOptions.BatchSize is {options.BatchSize}; the network accepts at most {mlp.Options.MaxBatch} rows (MlpOptions.MaxBatch).");
    }

    /// <summary>A state may come from a file, so its numbers are checked: they must be possible with these options and rows.</summary>
    public static void ThrowIfImpossible(TrainingState state, Mlp mlp, TrainingOptions options, int rows)
    {
        TrainingPosition at = state.Position;
        long perEpoch = options.StepsPerEpoch(rows), inEpoch = ((long)at.Row + options.BatchSize - 1) / options.BatchSize;
        bool whole = at.Row == rows || at.Row % options.BatchSize == 0;
        bool begun = at.Epoch > 0 ? at.Row > 0 : at.Row == 0;
        if (at.Row < 0 || at.Row > rows || at.Epoch < 0 || !whole || !begun || at.Step != (Math.Max(at.Epoch, 1) - 1L) * perEpoch + inEpoch)
            Throw.Argument($"The state is at epoch {at.Epoch}, row {at.Row}, step {at.Step}, which is impossible for a run with {rows} rows in batches of {options.BatchSize}.", nameof(state));
        if (at.Step > options.StepsFor(rows))
            Throw.Argument($"The state was captured after step {at.Step}; this run ends at step {options.StepsFor(rows)}.", nameof(state));
        if ((options.EarlyStopping is null) != (state.Stopping is null))
            Throw.Argument($"The state {(state.Stopping is null ? "does not contain" : "contains")} the state of early stopping, but this run uses {(state.Stopping is null ? "it" : "no early stopping")}.", nameof(state));
        ThrowIfUnlike(mlp, TensorKind.Parameter, state.Network.Parameters, required: true);
        ThrowIfUnlike(mlp, TensorKind.FirstMoment, state.Network.FirstMoments, required: false);
        ThrowIfUnlike(mlp, TensorKind.SecondMoment, state.Network.SecondMoments, required: false);
        ThrowIfUnlike(mlp, TensorKind.ThirdMoment, state.Network.ThirdMoments, required: false);
        if (state.Stopping is { } stopping) ThrowIfUnlike(mlp, TensorKind.Parameter, stopping.Parameters, required: stopping.BestEpoch > 0);
    }

    private static void ThrowIfUnlike(Mlp mlp, TensorKind kind, IReadOnlyList<float[]> tensors, bool required)
    {
        if (tensors.Count == 0 && !required) return;
        if (!NetworkTensors.Lengths(mlp, kind).SequenceEqual(tensors.Select(tensor => (long)tensor.Length)))
            Throw.Argument($"The tensors of the state and of the network have different lengths ({kind}).", "state");
    }

    private static void ThrowIfUnfit(Mlp mlp, Dataset data, string name)
    {
        if (data.Count < 1) Throw.Argument($"The data set {Printable.Quoted(data.Name)} has no rows.", name);
        if (data.Features != mlp.Inputs)
            Throw.Argument($"The data set {Printable.Quoted(data.Name)} has {data.Features} features; the network has {mlp.Inputs} inputs.", name);
        if (data.Classes > 0 && mlp.Classes == 0)
            Throw.Argument($"The data set {Printable.Quoted(data.Name)} has labels, but a network with one output and the loss {mlp.Options.Loss} has no classes. Use targets instead.", name);
        if (data.Classes > mlp.Classes)
            Throw.Argument($"The data set {Printable.Quoted(data.Name)} has {data.Classes} classes; the network has {mlp.Classes} ({mlp.Outputs} outputs, loss {mlp.Options.Loss}).", name);
        if (data.TargetCount > 0 && !mlp.Options.Loss.TakesTargets())
            Throw.Argument($"The data set {Printable.Quoted(data.Name)} has targets; {mlp.Options.Loss} needs class labels.", name);
        if (data.TargetCount > 0 && data.TargetCount != mlp.Outputs)
            Throw.Argument($"The data set {Printable.Quoted(data.Name)} has {data.TargetCount} targets per row; the network has {mlp.Outputs} outputs.", name);
    }
}
