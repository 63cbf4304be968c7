// SPDX-License-Identifier: MIT
namespace NativeMlp.Training;

/// <summary>Determines the rows of each batch, as a function of only the seed, the epoch and the step.</summary>
internal sealed class BatchOrder
{
    // Epochs shuffle from streams 1, 2, ..., a split from 2^32; steps draw from here on.
    private const ulong StepStream = 1UL << 33;

    private readonly TrainingOptions _options;
    private readonly int[] _order;
    private readonly float[] _drawn;
    private readonly int[] _rows;

    public BatchOrder(int count, TrainingOptions options)
    {
        _options = options;
        bool drawn = options.Sampling == BatchSampling.WithReplacement;
        _order = new int[count];
        _drawn = new float[drawn ? options.BatchSize : 0];
        _rows = new int[drawn ? options.BatchSize : 0];
        for (int i = 0; i < count; i++) _order[i] = i;
    }

    /// <summary>The number of rows that the epoch has used.</summary>
    public int Position { get; private set; }

    /// <summary>Whether there is another batch in the epoch.</summary>
    public bool HasMore => Position < _order.Length;

    /// <summary>Moves to a position in an epoch, numbered from 1; 0 is before the first epoch.</summary>
    public void MoveTo(int epoch, int position)
    {
        Position = position;
        if (epoch > 0 && _options.Sampling == BatchSampling.Shuffled) Kernels.RandomPermutation(_options.Seed, (ulong)epoch, _order);
    }

    /// <summary>Returns the rows of a step, numbered from 0 over the whole run.</summary>
    public ReadOnlySpan<int> Next(long step)
    {
        int rows = Math.Min(_options.BatchSize, _order.Length - Position), first = Position;
        Position += rows;
        return _options.Sampling == BatchSampling.WithReplacement ? Draw(step, rows) : _order.AsSpan(first, rows);
    }

    // The uniform numbers are multiples of 2^-24, so with more rows than that, some would never be drawn.
    private ReadOnlySpan<int> Draw(long step, int rows)
    {
        Span<float> drawn = _drawn.AsSpan(0, rows);
        Kernels.RandomUniform(_options.Seed, StepStream + (ulong)step, drawn);
        for (int i = 0; i < rows; i++) _rows[i] = (int)((double)drawn[i] * _order.Length);
        return _rows.AsSpan(0, rows);
    }
}
