// SPDX-License-Identifier: MIT
using System.Diagnostics;
using NativeMlp.Interop;

namespace NativeMlp;

/// <summary>Checks whether a batch fits a network.</summary>
internal static class BatchCheck
{
    /// <summary>Like <see cref="Fits"/>, and also checks that the batch has what the loss needs.</summary>
    public static void FitsLoss(in Batch batch, Mlp mlp, int maxRows)
    {
        MlpOptions options = mlp.Options;
        Fits(batch, options.Inputs, maxRows);
        if (mlp.Classes == 0 && !batch.Labels.IsEmpty)
            Throw.Argument($"The batch has labels; a network with one output and the loss {options.Loss} has no classes. Use batch.Targets instead.", "batch.Labels");
        bool targeted = options.Loss.TakesTargets() && !batch.Targets.IsEmpty;
        if (!targeted && batch.Labels.IsEmpty)
            Throw.WrongLength(0, batch.FeatureRows, "one for each row of the features", "batch.Labels");
        if (!batch.Targets.IsEmpty)
        {
            long needed = (long)batch.FeatureRows * options.Outputs;
            if (batch.Targets.Length != needed)
                Throw.WrongLength(batch.Targets.Length, needed, $"[{batch.FeatureRows} × {options.Outputs}], a row for each of the features", "batch.Targets");
        }

        if (batch.Weights.IsEmpty) return;
        Check.Length(batch.Weights.Length, batch.FeatureRows, "one for each row of the features", "batch.Weights");
        ThrowIfWeightsUnusable(batch);
    }

    private static void ThrowIfWeightsUnusable(in Batch batch)
    {
        for (int i = 0; i < batch.Rows; i++)
        {
            int row = batch.Indices.IsEmpty ? i : batch.Indices[i];
            if ((uint)row >= (uint)batch.Weights.Length) return; // the library reports it
            float weight = batch.Weights[row];
            if (!(weight >= 0 && float.IsFinite(weight)))
                Throw.OutOfRange($"batch.Weights[{row}] is {weight}; it must be finite and at least 0.", "batch.Weights");
        }
    }

    /// <summary>Throws if the total weight of an otherwise valid batch is invalid.</summary>
    [StackTraceHidden]
    private static void ThrowIfTotalUnusable(in Batch batch, MlpOptions options)
    {
        bool classes = options.ClassWeights.Count > 0 && options.Loss.WeighsRowsByClass();
        double total = 0;
        for (int i = 0; i < batch.Rows; i++)
        {
            int row = batch.Indices.IsEmpty ? i : batch.Indices[i];
            float weight = batch.Weights.IsEmpty ? 1 : batch.Weights[row];
            total += classes ? weight * options.ClassWeights[batch.Labels[row]] : weight;
        }

        if (options.Loss.TakesTargets()) total *= options.Outputs;
        if ((float)total is >= Narrowed.Least and <= float.MaxValue) return;
        string what = classes ? batch.Weights.IsEmpty ? "of its labels' classes" : "of its rows, each times that of its label's class" : "of its rows";
        Throw.Argument($"The weights of the batch cannot be used: the sum of those {what} is {total}, and the loss is divided by it; as float32 it must be a finite number of at least 1.2e-38. Give some row of the batch a weight that is greater than 0, or scale the weights.",
            "batch");
    }

    /// <summary>Checks everything except the values of indices and labels, which the library checks itself.</summary>
    public static void Fits(in Batch batch, int inputs, int maxRows)
    {
        int rows = batch.Rows;
        if (rows < 1 || batch.FeatureRows < 1) Throw.Argument($"The batch has no rows.", nameof(batch));
        if (rows > maxRows)
            Throw.Argument($"The batch has {rows} rows; the network accepts at most {maxRows} rows per training step (MlpOptions.MaxBatch).", nameof(batch));
        if (batch.Columns is { } columns && columns != inputs)
            Throw.Argument($"The batch has rows of {columns} features; the network has {inputs} inputs.", "batch.Features");
        Check.InputLength(batch.FeatureLength, batch.FeatureRows, inputs, batch.LeadingDimension, "batch.Features", "batch.LeadingDimension");
        if (batch.Mean.Length != inputs && batch.Mean.Length != 0)
            Throw.WrongLength(batch.Mean.Length, inputs, "one for each input of the network", "batch.Mean");
        if (batch.Scales.Length != inputs && batch.Scales.Length != 0)
            Throw.WrongLength(batch.Scales.Length, inputs, "one for each input of the network", "batch.Scales");
        if (!batch.Scales.IsEmpty && batch.Scale is not (0 or 1))
            Throw.Argument($"batch.Scale is {batch.Scale}, but batch.Scales has a scale for each column. Set only one of them.", "batch.Scale");
        if (batch.Labels.Length != batch.FeatureRows && batch.Labels.Length != 0)
            Throw.WrongLength(batch.Labels.Length, batch.FeatureRows, "one for each row of the features", "batch.Labels");
        Check.Finite(batch.Scale, "batch.Scale");
    }

    [StackTraceHidden]
    public static void ThrowIfFailed(int status, string function, in Batch batch, Mlp mlp)
    {
        if (status == (int)NativeStatus.Ok) return;
        if (status == (int)NativeStatus.InvalidArgument) ThrowIfNotFinite(batch.Mean, "batch.Mean");
        if (status == (int)NativeStatus.InvalidArgument) ThrowIfNotFinite(batch.Scales, "batch.Scales");
        if (status == (int)NativeStatus.IndexRange) ThrowIfIndexOutside(batch.Indices, batch.FeatureRows);
        if (status == (int)NativeStatus.LabelRange) ThrowIfLabelOutside(batch.Labels, mlp.Classes, "batch.Labels");
        if (status == (int)NativeStatus.InvalidArgument) ThrowIfTotalUnusable(batch, mlp.Options);
        StatusCheck.ThrowIfFailed(status, function);
    }

    [StackTraceHidden]
    public static void ThrowIfLabelOutside(ReadOnlySpan<int> labels, int classes, string name)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
                Throw.OutOfRange($"{name}[{i}] is {labels[i]}; with {classes} classes it must be from 0 to {classes - 1}.", name);
        }
    }

    [StackTraceHidden]
    private static void ThrowIfNotFinite(ReadOnlySpan<float> values, string name)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                Throw.OutOfRange($"{name}[{i}] is {values[i]}; it must be finite.", name);
        }
    }

    [StackTraceHidden]
    private static void ThrowIfIndexOutside(ReadOnlySpan<int> indices, int rows)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)rows)
                Throw.OutOfRange($"batch.Indices[{i}] is {indices[i]}; the features have {rows} rows.", "batch.Indices");
        }
    }
}
