// SPDX-License-Identifier: MIT
using NativeMlp.Data;

namespace NativeMlp.Training;

/// <summary>Reads a data set, batch by batch. Features that are computed when they are read (<see cref="Dataset.Source"/>) are
/// computed into memory that the next batch uses again.</summary>
internal sealed class BatchReader
{
    // Features of a block, in which all rows are read: enough work for all threads, in 64 MiB.
    private const int BlockFeatures = 1 << 24;

    private readonly Dataset _data;
    private readonly int[] _rows = [], _labels = [];
    private readonly float[] _features = [], _targets = [], _weights = [];

    /// <summary>Prepares to read batches.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="batchSize">The maximum number of rows of a batch.</param>
    /// <exception cref="ArgumentException">The features of a batch do not fit into an array.</exception>
    public BatchReader(Dataset data, int batchSize)
    {
        _data = data;
        if (data.Source is null) return;
        _features = new float[Check.Elements(batchSize, data.Features, "features of a batch", "choose a smaller batch", nameof(data))];
        _rows = new int[batchSize];
        _labels = new int[data.Labels.IsEmpty ? 0 : batchSize];
        _targets = new float[batchSize * data.TargetCount];
        _weights = new float[data.Weights.IsEmpty ? 0 : batchSize];
    }

    /// <summary>Prepares to read all rows.</summary>
    public static BatchReader OfAllRows(Dataset data) => new(data, Math.Clamp(BlockFeatures / data.Features, 1, data.Count));

    /// <summary>Reads a batch, which is valid until the next one is read.</summary>
    public Batch Read(ReadOnlySpan<int> rows)
    {
        if (_data.Source is null) return _data.AsBatch(rows);
        rows.CopyTo(_rows);
        return Compute(rows.Length);
    }

    /// <summary>Evaluates all rows.</summary>
    public StepResult Evaluate(Mlp mlp)
    {
        if (_data.Source is null) return mlp.Evaluate(_data.AsBatch(), mlp.Options.Threads);
        StepResult result = default;
        double loss = 0, total = 0;
        int correct = 0;
        for (int number = 0; number < Blocks; number++)
        {
            Batch block = ReadBlock(number);
            double weight = TotalWeight(block, mlp.Options);
            result = mlp.Evaluate(weight > 0 ? block : block with { Weights = default }, mlp.Options.Threads); // all rows are judged
            correct += result.Correct;
            if (weight > 0) (loss, total) = (loss + (result.Loss * weight), total + weight);
        }

        return result with { Loss = loss / total, DataLoss = loss / total, Rows = _data.Count, Correct = correct };
    }

    /// <summary>Hands the bytes of the features of all rows, in order, to <paramref name="sink"/>.</summary>
    public void PourFeatures(FloatBytes.Sink sink)
    {
        sink(_data.Bytes);
        FloatBytes.Pour(_data.Values, sink);
        if (_data.Source is null) return;
        for (int number = 0; number < Blocks; number++) FloatBytes.Pour(ReadBlock(number).Floats, sink);
    }

    private int Blocks => ((_data.Count - 1) / _rows.Length) + 1;

    private Batch ReadBlock(int number)
    {
        int first = number * _rows.Length, count = Math.Min(_rows.Length, _data.Count - first);
        for (int i = 0; i < count; i++) _rows[i] = first + i;
        return Compute(count);
    }

    private Batch Compute(int count)
    {
        ReadOnlySpan<int> rows = _rows.AsSpan(0, count);
        Memory<float> features = _features.AsMemory(0, count * _data.Features);
        _data.Source!.Read(rows, features);
        return Batch.FromRows(features.Span, count, _data.Features, Gather(_data.Labels, 1, rows, _labels)) with
        {
            Targets = Gather(_data.Targets, _data.TargetCount, rows, _targets),
            Weights = Gather(_data.Weights, 1, rows, _weights),
        };
    }

    // What the loss of a block was divided by, but for the number of its outputs.
    private static double TotalWeight(in Batch block, MlpOptions options)
    {
        bool byClass = options.Loss.WeighsRowsByClass() && options.ClassWeights.Count > 0;
        if (block.Weights.IsEmpty && !byClass) return block.Rows;
        double total = 0;
        for (int i = 0; i < block.Rows; i++)
            total += (block.Weights.IsEmpty ? 1 : block.Weights[i]) * (byClass ? options.ClassWeights[block.Labels[i]] : 1);
        return total;
    }

    private static Span<T> Gather<T>(ReadOnlySpan<T> values, int width, ReadOnlySpan<int> rows, Span<T> gathered)
    {
        if (values.IsEmpty) return [];
        for (int i = 0; i < rows.Length; i++) values.Slice(rows[i] * width, width).CopyTo(gathered[(i * width)..]);
        return gathered[..(rows.Length * width)];
    }
}
