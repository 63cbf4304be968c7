// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>Rows of features with what belongs to them. It refers to the caller's memory and copies nothing.</summary>
/// <remarks>
/// Features are <c>[FeatureRows × inputs]</c>, floats or bytes. An element enters the network as
/// <c>(x − Mean[column]) · Scale</c>, so that a byte data set stays bytes in memory. With <see cref="Indices"/> the
/// batch is the rows that these name; without, it is all rows of the features. Fits together with a network when
/// it is used: that call checks it.
/// </remarks>
public readonly ref struct Batch
{
    private Batch(ReadOnlySpan<float> floats, ReadOnlySpan<byte> bytes, bool isBytes, int rows, ReadOnlySpan<int> labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        Floats = floats;
        Bytes = bytes;
        IsBytes = isBytes;
        FeatureRows = rows;
        Labels = labels;
    }

    /// <summary>All rows of the features.</summary>
    /// <param name="features"><c>[rows × inputs]</c>.</param>
    /// <param name="rows">Rows of the features.</param>
    /// <param name="labels">The class of each row, <c>[rows]</c>; empty where none are needed.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rows"/> is negative.</exception>
    public static Batch FromRows(ReadOnlySpan<float> features, int rows, ReadOnlySpan<int> labels = default) =>
        new(features, default, isBytes: false, rows, labels);

    /// <inheritdoc cref="FromRows(ReadOnlySpan{float}, int, ReadOnlySpan{int})"/>
    public static Batch FromRows(ReadOnlySpan<byte> features, int rows, ReadOnlySpan<int> labels = default) =>
        new(default, features, isBytes: true, rows, labels);

    /// <summary>Rows of the features, whether the batch has them all or not.</summary>
    public int FeatureRows { get; }

    /// <summary>The class of each row of the features, <c>[FeatureRows]</c>; empty where none are needed.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>What the outputs should be, <c>[FeatureRows × outputs]</c>, for the losses that take targets; empty for none.</summary>
    public ReadOnlySpan<float> Targets { get; init; }

    /// <summary>How much each row of the features counts, <c>[FeatureRows]</c>, finite and at least 0; empty for all alike.
    /// The sum over a batch, each weight times that of its label's class (<see cref="MlpOptions.ClassWeights"/>), must as a float32
    /// be finite, greater than 0 and not denormal.</summary>
    public ReadOnlySpan<float> Weights { get; init; }

    /// <summary>True if the features are bytes, false if they are floats.</summary>
    public bool IsBytes { get; }

    /// <summary>Elements from one row of the features to the next; 0 if there is no gap between rows.</summary>
    public int LeadingDimension { get; init; }

    /// <summary>Subtracted from each row, <c>[inputs]</c>, in the features' own units; empty for nothing.</summary>
    public ReadOnlySpan<float> Mean { get; init; }

    /// <summary>Multiplies each element after the mean is subtracted; 0 stands for 1.</summary>
    public float Scale { get; init; }

    /// <summary>The rows that make up the batch, in order, repeats allowed; empty for all rows of the features.</summary>
    public ReadOnlySpan<int> Indices { get; init; }

    /// <summary>Rows of the batch.</summary>
    public int Rows => Indices.IsEmpty ? FeatureRows : Indices.Length;

    internal ReadOnlySpan<float> Floats { get; private init; }

    internal ReadOnlySpan<byte> Bytes { get; private init; }

    internal int FeatureLength => IsBytes ? Bytes.Length : Floats.Length;

    internal int PitchFor(int inputs) => LeadingDimension == 0 ? inputs : LeadingDimension;

    /// <summary>Some rows of the batch, without labels. The batch has been checked.</summary>
    internal Batch SliceUnlabelled(int start, int count, int inputs)
    {
        if (!Indices.IsEmpty)
        {
            Batch all = IsBytes ? FromRows(Bytes, FeatureRows) : FromRows(Floats, FeatureRows);
            return Like(all, Indices.Slice(start, count));
        }

        int first = start * PitchFor(inputs);
        return Like(IsBytes ? FromRows(Bytes[first..], count) : FromRows(Floats[first..], count), default);
    }

    private Batch Like(Batch rows, ReadOnlySpan<int> indices) =>
        rows with { LeadingDimension = LeadingDimension, Mean = Mean, Scale = Scale, Indices = indices };
}
