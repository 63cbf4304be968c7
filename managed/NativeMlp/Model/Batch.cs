// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

/// <summary>Rows of features with their labels, targets and weights. A batch refers to the caller's memory and copies nothing.</summary>
/// <remarks>
/// Features are <c>[FeatureRows × inputs]</c>, floats or bytes. The network uses, for an element <c>x</c>,
/// <c>(x − Mean[column]) · Scale</c>, or <c>(x − Mean[column]) · Scales[column]</c> if each column has its own scale. A byte
/// data set therefore stays bytes in memory. With <see cref="Indices"/>, the batch consists of these rows; without, of all
/// rows of the features. The call that uses the batch checks whether it fits the network.
/// </remarks>
public readonly ref struct Batch
{
    private Batch(ReadOnlySpan<float> floats, ReadOnlySpan<byte> bytes, bool isBytes, int rows, int? columns, ReadOnlySpan<int> labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (columns is { } width) ArgumentOutOfRangeException.ThrowIfLessThan(width, 1, nameof(columns));
        Columns = columns;
        Floats = floats;
        Bytes = bytes;
        IsBytes = isBytes;
        FeatureRows = rows;
        Labels = labels;
    }

    /// <summary>Creates a batch of all rows of the features. Each row has as many features as the network has inputs.</summary>
    /// <param name="features"><c>[rows × inputs]</c>: exactly as many elements, unless <see cref="LeadingDimension"/> is set.</param>
    /// <param name="rows">Rows of the features.</param>
    /// <param name="labels">The class of each row, <c>[rows]</c>; empty if they are not needed.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is negative.</exception>
    public static Batch FromRows(ReadOnlySpan<float> features, int rows, ReadOnlySpan<int> labels = default) =>
        new(features, default, isBytes: false, rows, null, labels);

    /// <inheritdoc cref="FromRows(ReadOnlySpan{float}, int, ReadOnlySpan{int})"/>
    public static Batch FromRows(ReadOnlySpan<byte> features, int rows, ReadOnlySpan<int> labels = default) =>
        new(default, features, isBytes: true, rows, null, labels);

    /// <summary>Creates a batch of all rows of the features, with a given number of features, which must be the number of inputs of the
    /// network.</summary>
    /// <param name="features"><c>[rows × columns]</c>: exactly as many elements, unless <see cref="LeadingDimension"/> is set.</param>
    /// <param name="rows">Rows of the features.</param>
    /// <param name="columns">Features of a row, at least 1.</param>
    /// <param name="labels">The class of each row, <c>[rows]</c>; empty if they are not needed.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is negative, or <paramref name="columns"/> less
    /// than 1.</exception>
    public static Batch FromRows(ReadOnlySpan<float> features, int rows, int columns, ReadOnlySpan<int> labels = default) =>
        new(features, default, isBytes: false, rows, columns, labels);

    /// <inheritdoc cref="FromRows(ReadOnlySpan{float}, int, int, ReadOnlySpan{int})"/>
    public static Batch FromRows(ReadOnlySpan<byte> features, int rows, int columns, ReadOnlySpan<int> labels = default) =>
        new(default, features, isBytes: true, rows, columns, labels);

    /// <summary>The number of rows of the features, including rows that do not belong to the batch.</summary>
    public int FeatureRows { get; }

    /// <summary>The class of each row of the features, <c>[FeatureRows]</c>, from 0 to <see cref="Mlp.Classes"/> − 1; empty where
    /// none are needed.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>The desired outputs, <c>[FeatureRows × outputs]</c>, for losses with targets; empty for none.</summary>
    public ReadOnlySpan<float> Targets { get; init; }

    /// <summary>The weight of each row of the features, <c>[FeatureRows]</c>, finite and at least 0; empty for equal weights.
    /// The sum over a batch, where each weight is multiplied by its class weight (<see cref="MlpOptions.ClassWeights"/>), must be
    /// finite, greater than 0 and not denormal as a float32.</summary>
    public ReadOnlySpan<float> Weights { get; init; }

    /// <summary>True if the features are bytes, false if they are floats.</summary>
    public bool IsBytes { get; }

    /// <summary>The distance between two rows of the features, in elements. 0 means no gap between rows; the features
    /// must then have exactly the elements of the rows. Otherwise, more elements may follow the last row.</summary>
    public int LeadingDimension { get; init; }

    /// <summary>The mean that is subtracted from each row, <c>[inputs]</c>, in the units of the features, finite; empty for none.</summary>
    public ReadOnlySpan<float> Mean { get; init; }

    /// <summary>The factor for each element after the mean is subtracted, finite; 0 means 1.</summary>
    public float Scale { get; init; }

    /// <summary>The factors for each column after the mean is subtracted, <c>[inputs]</c>, finite; empty for
    /// <see cref="Scale"/> in all columns. If it is given, <see cref="Scale"/> must be 0 or 1.</summary>
    public ReadOnlySpan<float> Scales { get; init; }

    /// <summary>The rows of the batch, in order; repeats are allowed. Empty for all rows of the features.</summary>
    public ReadOnlySpan<int> Indices { get; init; }

    /// <summary>The number of rows of the batch.</summary>
    public int Rows => Indices.IsEmpty ? FeatureRows : Indices.Length;

    internal ReadOnlySpan<float> Floats { get; }

    internal ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The number of features of a row, if the caller specified it.</summary>
    internal int? Columns { get; }

    internal int FeatureLength => IsBytes ? Bytes.Length : Floats.Length;

    /// <summary>Returns the memory of the batch, for a network with this number of inputs.</summary>
    internal BatchMemory ToMemory(int inputs) => new()
    {
        Floats = Floats,
        Bytes = Bytes,
        IsBytes = IsBytes,
        FeatureRows = FeatureRows,
        LeadingDimension = LeadingDimension == 0 ? inputs : LeadingDimension,
        Mean = Mean,
        Scale = Scale,
        Scales = Scales,
        Indices = Indices,
        Labels = Labels,
        Targets = Targets,
        Weights = Weights,
    };
}
