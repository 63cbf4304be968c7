// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <content>Selection of rows, and their mean.</content>
public sealed partial class Dataset
{
    // Streams 1, 2, ... are used for the order of the epochs.
    private const ulong SplitStream = 1UL << 32;

    /// <summary>Returns a range of rows.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <returns>A data set that shares this one's memory.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The data set does not contain all of these rows.</exception>
    public Dataset Slice(int start, int count)
    {
        if (start < 0 || count < 0 || count > Count - start)
            Throw.OutOfRange($"Rows {start} to {start + (long)count} are not all in the data set {Printable.Quoted(Name)} of {Count} rows.", nameof(start));
        Dataset copy = Copy();
        copy.Count = count;
        copy._floats = Part(_floats, Features);
        copy._bytes = Part(_bytes, Features);
        copy._labels = Part(_labels, 1);
        copy._targets = Part(_targets, TargetCount);
        copy._weights = Part(_weights, 1);
        return copy;

        ReadOnlyMemory<T> Part<T>(ReadOnlyMemory<T> rows, int width) => rows.IsEmpty ? rows : rows.Slice(start * width, count * width);
    }

    /// <summary>Splits the rows at random; the seed determines which ones are held back.</summary>
    /// <param name="fraction">The part to hold back, between 0 and 1; its count is rounded down.</param>
    /// <param name="seed">The seed that determines the choice of the rows.</param>
    /// <returns>The remaining rows and the rows held back. Both are copies, in the original order.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1.</exception>
    public (Dataset Train, Dataset Validation) Split(double fraction, ulong seed)
    {
        if (!(fraction >= 0 && fraction <= 1))
            Throw.OutOfRange($"The fraction is {fraction}; it must be between 0 and 1.", nameof(fraction));
        int[] order = new int[Count];
        Kernels.RandomPermutation(seed, SplitStream, order);
        int held = (int)(Count * fraction);
        int[] validation = order[..held], train = order[held..];
        Array.Sort(validation);
        Array.Sort(train);
        return (Take(train), Take(validation));
    }

    /// <summary>Returns the same rows, with a normalisation for each column: <c>(x − mean[column]) · scales[column]</c>.</summary>
    /// <param name="mean">The mean that is subtracted from each row, <c>[Features]</c>, in the units of the features; empty for none.</param>
    /// <param name="scales">The factor for each column after that, <c>[Features]</c>.</param>
    /// <returns>A data set that shares this one's memory.</returns>
    /// <exception cref="ArgumentException">The means or the scales have the wrong length.</exception>
    public Dataset WithNormalization(ReadOnlySpan<float> mean, ReadOnlySpan<float> scales)
    {
        if (scales.Length != Features)
            Throw.WrongLength(scales.Length, Features, $"one for each feature of the data set {Printable.Quoted(Name)}", nameof(scales));
        Dataset copy = WithNormalization(mean, 1);
        copy._scales = scales.ToArray();
        return copy;
    }

    /// <summary>Computes the mean of each feature over all rows, in the units of the features. The sum of bytes is exact.</summary>
    /// <returns>The means, <c>[Features]</c>.</returns>
    public float[] ComputeMean()
    {
        double[] sums = IsBytes ? SumBytes() : SumFloats();
        return Array.ConvertAll(sums, sum => (float)(sum / Count));
    }

    /// <summary>Returns the same rows with all features in memory.</summary>
    internal Dataset InMemory()
    {
        if (Source is null) return this;
        float[] features = new float[Check.Elements(Count, Features, "features", "take fewer rows", nameof(Source))];
        int[] rows = [.. Enumerable.Range(0, Count)];
        Source.Read(rows, features);
        Dataset copy = Copy();
        (copy._floats, copy.Source) = (features, null);
        return copy;
    }

    private double[] SumBytes()
    {
        long[] sums = new long[Features];
        ReadOnlySpan<byte> bytes = Bytes;
        for (int i = 0; i < bytes.Length; i += Features)
        {
            ReadOnlySpan<byte> row = bytes.Slice(i, Features);
            for (int j = 0; j < row.Length; j++) sums[j] += row[j];
        }

        return Array.ConvertAll(sums, sum => (double)sum);
    }

    // A plain loop in order: the same bits on every processor.
    private double[] SumFloats()
    {
        double[] sums = new double[Features];
        ReadOnlySpan<float> values = Values;
        for (int i = 0; i < values.Length; i += Features)
        {
            for (int j = 0; j < sums.Length; j++) sums[j] += values[i + j];
        }

        return sums;
    }

    private Dataset Take(int[] rows)
    {
        Dataset copy = Copy();
        copy.Count = rows.Length;
        copy._floats = Gather(_floats.Span, Features);
        copy._bytes = Gather(_bytes.Span, Features);
        copy._labels = Gather(_labels.Span, 1);
        copy._targets = Gather(_targets.Span, TargetCount);
        copy._weights = Gather(_weights.Span, 1);
        return copy;

        T[] Gather<T>(ReadOnlySpan<T> source, int width)
        {
            if (source.IsEmpty) return [];
            T[] gathered = new T[rows.Length * width];
            for (int i = 0; i < rows.Length; i++) source.Slice(rows[i] * width, width).CopyTo(gathered.AsSpan(i * width));
            return gathered;
        }
    }
}
