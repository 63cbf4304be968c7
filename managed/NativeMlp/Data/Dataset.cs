// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <summary>
/// Labelled rows for training or testing, immutable. Features that came as bytes stay bytes in memory and
/// enter the network as <c>(x − mean[column]) · scale</c>.
/// </summary>
public sealed class Dataset
{
    private readonly ReadOnlyMemory<float> _floats;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ReadOnlyMemory<int> _labels;
    private readonly float[] _mean;

    private Dataset(
        string name, ReadOnlyMemory<float> floats, ReadOnlyMemory<byte> bytes, ReadOnlyMemory<int> labels, int features, int classes, float[] mean, float scale)
    {
        Name = name;
        Features = features;
        Classes = classes;
        Scale = scale;
        _floats = floats;
        _bytes = bytes;
        _labels = labels;
        _mean = mean;
    }

    /// <summary>What the data set is called.</summary>
    public string Name { get; }

    /// <summary>Number of rows.</summary>
    public int Count => _labels.Length;

    /// <summary>Number of features of a row.</summary>
    public int Features { get; }

    /// <summary>Number of classes; labels lie in 0 .. Classes−1.</summary>
    public int Classes { get; }

    /// <summary>True if the features are bytes (<see cref="Bytes"/>), false if floats (<see cref="Values"/>).</summary>
    public bool IsBytes => !_bytes.IsEmpty;

    /// <summary>The features, <c>[Count × Features]</c>; empty where they are bytes.</summary>
    public ReadOnlySpan<float> Values => _floats.Span;

    /// <summary>The features, <c>[Count × Features]</c>; empty where they are floats.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>The class of each row, <c>[Count]</c>.</summary>
    public ReadOnlySpan<int> Labels => _labels.Span;

    /// <summary>Subtracted from each row, <c>[Features]</c>, in the features' own units; empty for nothing.</summary>
    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>Multiplies each feature after the mean is subtracted.</summary>
    public float Scale { get; }

    /// <summary>A data set of float features, used as they are.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="features">The features, <c>[rows × featureCount]</c>; not copied.</param>
    /// <param name="featureCount">Number of features of a row.</param>
    /// <param name="labels">The class of each row; not copied.</param>
    /// <param name="classes">Number of classes.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit, or a label is outside 0 .. classes−1.</exception>
    public static Dataset FromFloats(string name, ReadOnlyMemory<float> features, int featureCount, ReadOnlyMemory<int> labels, int classes)
    {
        Check(features.Length, featureCount, labels.Span, classes);
        return new Dataset(name, features, default, labels, featureCount, classes, [], 1);
    }

    /// <summary>A data set of byte features.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="features">The features, <c>[rows × featureCount]</c>; not copied.</param>
    /// <param name="featureCount">Number of features of a row.</param>
    /// <param name="labels">The class of each row; not copied.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="scale">Multiplies each byte: 1/255 brings it to 0..1.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit, or a label is outside 0 .. classes−1.</exception>
    public static Dataset FromBytes(
        string name, ReadOnlyMemory<byte> features, int featureCount, ReadOnlyMemory<int> labels, int classes, float scale = 1f / 255)
    {
        Check(features.Length, featureCount, labels.Span, classes);
        return new Dataset(name, default, features, labels, featureCount, classes, [], scale);
    }

    /// <summary>All rows as a batch; it refers to this data set's memory.</summary>
    /// <returns>The batch.</returns>
    public Batch AsBatch() => AsBatch(default);

    /// <summary>Some rows as a batch.</summary>
    /// <param name="indices">Which rows, in order; empty for all.</param>
    /// <returns>The batch.</returns>
    public Batch AsBatch(ReadOnlySpan<int> indices)
    {
        Batch rows = IsBytes ? Batch.FromRows(Bytes, Count, Labels) : Batch.FromRows(Values, Count, Labels);
        return rows with { Mean = _mean, Scale = Scale, Indices = indices };
    }

    /// <summary>The same rows, normalised otherwise.</summary>
    /// <param name="mean">Subtracted from each row, <c>[Features]</c>, in the features' own units; empty for nothing.</param>
    /// <param name="scale">Multiplies each feature after that.</param>
    /// <returns>A data set that shares this one's memory.</returns>
    /// <exception cref="ArgumentException">The mean has another length.</exception>
    public Dataset WithNormalization(ReadOnlySpan<float> mean, float scale)
    {
        if (mean.Length != 0 && mean.Length != Features)
        {
            throw new ArgumentException($"The mean has {mean.Length} elements; the data set '{Name}' has {Features} features.", nameof(mean));
        }

        return new Dataset(Name, _floats, _bytes, _labels, Features, Classes, mean.ToArray(), scale);
    }

    /// <summary>The mean of each feature over all rows, in the features' own units. Bytes are summed exactly.</summary>
    /// <returns>The means, <c>[Features]</c>.</returns>
    public float[] ComputeMean()
    {
        var mean = new float[Features];
        if (IsBytes)
        {
            var sums = new long[Features];
            ReadOnlySpan<byte> bytes = Bytes;
            for (int i = 0; i < bytes.Length; i += Features)
            {
                ReadOnlySpan<byte> row = bytes.Slice(i, Features);
                for (int j = 0; j < row.Length; j++)
                {
                    sums[j] += row[j];
                }
            }

            for (int j = 0; j < mean.Length; j++)
            {
                mean[j] = (float)((double)sums[j] / Count);
            }

            return mean;
        }

        for (int j = 0; j < mean.Length; j++)
        {
            double sum = 0; // plain and in order: the same bits on every processor
            for (int i = 0; i < Count; i++)
            {
                sum += Values[(i * Features) + j];
            }

            mean[j] = (float)(sum / Count);
        }

        return mean;
    }

    /// <summary>Some neighbouring rows.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many.</param>
    /// <returns>A data set that shares this one's memory.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The rows are not all there.</exception>
    public Dataset Slice(int start, int count)
    {
        if (start < 0 || count < 0 || count > Count - start)
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"Rows {start} to {start + (long)count} are not all in the data set '{Name}' of {Count} rows.");
        }

        int first = start * Features;
        int length = count * Features;
        return new Dataset(
            Name,
            IsBytes ? default : _floats.Slice(first, length),
            IsBytes ? _bytes.Slice(first, length) : default,
            _labels.Slice(start, count),
            Features,
            Classes,
            _mean,
            Scale);
    }

    /// <summary>Parts the rows at random: the seed chooses which ones are held back.</summary>
    /// <param name="fraction">The part to hold back, between 0 and 1; its count is rounded down.</param>
    /// <param name="seed">Another seed chooses other rows.</param>
    /// <returns>The rows that remain and those held back, both copies, each in their old order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    public (Dataset Train, Dataset Validation) Split(double fraction, ulong seed)
    {
        if (!(fraction >= 0 && fraction <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), $"The fraction is {fraction}; it must be between 0 and 1.");
        }

        var order = new int[Count];
        Kernels.RandomPermutation(seed, SplitStream, order);
        int held = (int)(Count * fraction);
        int[] validation = order[..held];
        int[] train = order[held..];
        Array.Sort(validation);
        Array.Sort(train);
        return (Take(train), Take(validation));
    }

    // Streams 1, 2, ... are the epochs' shuffles.
    private const ulong SplitStream = 1UL << 32;

    private Dataset Take(int[] rows)
    {
        var labels = new int[rows.Length];
        var floats = new float[IsBytes ? 0 : rows.Length * Features];
        var bytes = new byte[IsBytes ? rows.Length * Features : 0];
        for (int i = 0; i < rows.Length; i++)
        {
            labels[i] = Labels[rows[i]];
            if (IsBytes)
            {
                Bytes.Slice(rows[i] * Features, Features).CopyTo(bytes.AsSpan(i * Features));
            }
            else
            {
                Values.Slice(rows[i] * Features, Features).CopyTo(floats.AsSpan(i * Features));
            }
        }

        return new Dataset(Name, floats, bytes, labels, Features, Classes, _mean, Scale);
    }

    private static void Check(int length, int featureCount, ReadOnlySpan<int> labels, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (length != (long)labels.Length * featureCount)
        {
            throw new ArgumentException($"There are {length} feature values; {labels.Length} labels of {featureCount} features each need {(long)labels.Length * featureCount}.");
        }

        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
            {
                throw new ArgumentException($"The label of row {i} is {labels[i]}; it must be between 0 and {classes - 1}.");
            }
        }
    }
}
