// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

/// <summary>Rows of features with their labels, targets and weights. A batch refers to the caller's memory and copies nothing.</summary>
/// <remarks>
/// Features are <c>[FeatureRows × inputs]</c>, floats or bytes. An element enters the network as
/// <c>(x − Mean[column]) · Scale</c>, or <c>(x − Mean[column]) · Scales[column]</c> where each column has its own scale, so that a byte
/// data set stays bytes in memory. With <see cref="Indices"/> the batch consists of the rows that they name; without them, of all
/// rows of the features. Whether a batch fits a network is checked by the call that uses both.
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

    /// <summary>All rows of the features, each as wide as the network that the batch is used with.</summary>
    /// <param name="features"><c>[rows × inputs]</c>: exactly as many elements, unless <see cref="LeadingDimension"/> is set.</param>
    /// <param name="rows">Rows of the features.</param>
    /// <param name="labels">The class of each row, <c>[rows]</c>; empty if they are not needed.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is negative.</exception>
    public static Batch FromRows(ReadOnlySpan<float> features, int rows, ReadOnlySpan<int> labels = default) =>
        new(features, default, isBytes: false, rows, null, labels);

    /// <inheritdoc cref="FromRows(ReadOnlySpan{float}, int, ReadOnlySpan{int})"/>
    public static Batch FromRows(ReadOnlySpan<byte> features, int rows, ReadOnlySpan<int> labels = default) =>
        new(default, features, isBytes: true, rows, null, labels);

    /// <summary>All rows of the features, of a width that the network which the batch is used with must have.</summary>
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

    /// <summary>The number of rows of the features, whether all of them belong to the batch or not.</summary>
    public int FeatureRows { get; }

    /// <summary>The class of each row of the features, <c>[FeatureRows]</c>, from 0 to <see cref="Mlp.Classes"/> − 1; empty where
    /// none are needed.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>The desired outputs, <c>[FeatureRows × outputs]</c>, for the losses that take targets; empty for none.</summary>
    public ReadOnlySpan<float> Targets { get; init; }

    /// <summary>How much each row of the features counts, <c>[FeatureRows]</c>, finite and at least 0; empty for all alike.
    /// The sum over a batch, each weight times that of its label's class (<see cref="MlpOptions.ClassWeights"/>), must as a float32
    /// be finite, greater than 0 and not denormal.</summary>
    public ReadOnlySpan<float> Weights { get; init; }

    /// <summary>True if the features are bytes, false if they are floats.</summary>
    public bool IsBytes { get; }

    /// <summary>Elements from one row of the features to the next; 0 if there is no gap between rows, and then the features
    /// must have exactly as many elements as the rows. Where it is set, more may follow the last row.</summary>
    public int LeadingDimension { get; init; }

    /// <summary>Subtracted from each row, <c>[inputs]</c>, in the features' own units, finite; empty for nothing.</summary>
    public ReadOnlySpan<float> Mean { get; init; }

    /// <summary>Multiplies each element after the mean is subtracted, finite; 0 stands for 1.</summary>
    public float Scale { get; init; }

    /// <summary>Multiplies the elements of each column after the mean is subtracted, <c>[inputs]</c>, finite; empty for
    /// <see cref="Scale"/> in all columns. If it is given, <see cref="Scale"/> must be 0 or 1.</summary>
    public ReadOnlySpan<float> Scales { get; init; }

    /// <summary>The rows that make up the batch, in order, repeats allowed; empty for all rows of the features.</summary>
    public ReadOnlySpan<int> Indices { get; init; }

    /// <summary>Rows of the batch.</summary>
    public int Rows => Indices.IsEmpty ? FeatureRows : Indices.Length;

    internal ReadOnlySpan<float> Floats { get; }

    internal ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Features of a row, where the caller said how many.</summary>
    internal int? Columns { get; }

    internal int FeatureLength => IsBytes ? Bytes.Length : Floats.Length;

    /// <summary>What the batch refers to, for a network of so many inputs.</summary>
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
