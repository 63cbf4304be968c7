// SPDX-License-Identifier: MIT
namespace NativeMlp.Data;

/// <content>Choosing rows, and their mean.</content>
public sealed partial class Dataset
{
    // Streams 1, 2, ... are the epochs' shuffles.
    private const ulong SplitStream = 1UL << 32;

    /// <summary>A range of rows.</summary>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many.</param>
    /// <returns>A data set that shares this one's memory.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The rows are not all there.</exception>
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
    /// <param name="seed">Another seed chooses other rows.</param>
    /// <returns>The rows that remain and those held back, both copies, each in their old order.</returns>
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

    /// <summary>The same rows, each column normalised on its own: <c>(x − mean[column]) · scales[column]</c>.</summary>
    /// <param name="mean">Subtracted from each row, <c>[Features]</c>, in the features' own units; empty for nothing.</param>
    /// <param name="scales">Multiplies each column after that, <c>[Features]</c>.</param>
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

    /// <summary>The mean of each feature over all rows, in the features' own units. Bytes are summed exactly.</summary>
    /// <returns>The means, <c>[Features]</c>.</returns>
    public float[] ComputeMean()
    {
        double[] sums = IsBytes ? SumBytes() : SumFloats();
        return Array.ConvertAll(sums, sum => (float)(sum / Count));
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

    // Plain and in order: the same bits on every processor.
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
