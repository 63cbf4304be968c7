// SPDX-License-Identifier: MIT
using NativeMlp.Reference;

namespace NativeMlp.Tests.Differential;

/// <summary>
/// Features and what belongs to them, in one of the forms that a <see cref="Batch"/> takes: floats or bytes, with gaps between
/// rows, mean and scale, row numbers, labels or targets, weights.
/// </summary>
internal sealed class RandomData
{
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _pitch;
    private readonly float[] _floats;
    private readonly byte[] _bytes;
    private readonly float[] _mean;
    private readonly float _scale;
    private readonly int[] _labels;
    private readonly float[] _targets;
    private readonly float[] _weights;
    private readonly bool _indexed;
    private readonly int _featureRows;
    private readonly Random _random;

    public RandomData(RandomCase c, Random random)
    {
        _random = random;
        (_inputs, _outputs) = (c.Network.Inputs, c.Network.Outputs);
        _pitch = random.Next(3) == 0 ? _inputs + 1 + random.Next(20) : _inputs;
        _featureRows = c.Network.MaxBatch + 3;
        IsBytes = random.Next(3) == 0;
        _indexed = random.Next(2) == 0;
        int length = (_featureRows * _pitch) - (_pitch - _inputs);
        _floats = IsBytes ? [] : Normal(length, 1);
        _bytes = new byte[IsBytes ? length : 0];
        random.NextBytes(_bytes);
        bool centred = IsBytes || random.Next(3) == 0;
        _mean = !centred ? [] : IsBytes ? [.. Normal(_inputs, 30).Select(x => x + 127)] : Normal(_inputs, 0.3f);
        _scale = IsBytes ? 1 / 64f : random.Next(3) == 0 ? 0.75f : 0;
        bool regression = _outputs == 1 && c.Network.Loss is (Loss.MeanSquaredError or Loss.Huber); // has no labels
        bool valued = c.Network.Loss.TakesTargets() && (random.Next(4) != 0 || regression);
        int classes = _outputs == 1 && c.Network.Loss == Loss.BinaryCrossEntropy ? 2 : _outputs;
        bool probabilities = c.Network.Loss == Loss.BinaryCrossEntropy;
        _labels = valued ? [] : [.. Enumerable.Range(0, _featureRows).Select(_ => random.Next(classes))];
        _targets = !valued ? [] : probabilities ? [.. Enumerable.Range(0, _featureRows * _outputs).Select(_ => random.NextSingle())] : Normal(_featureRows * _outputs, 1);
        _weights = random.Next(3) == 0 ? [.. Enumerable.Range(0, _featureRows).Select(_ => random.Next(8) == 0 ? 0.001f : 0.1f + (2 * random.NextSingle()))] : [];
    }

    public bool IsBytes { get; }

    public bool IsIndexed => _indexed;

    public bool HasGaps => _pitch != _inputs;

    public bool HasMean => _mean.Length > 0;

    public bool HasWeights => _weights.Length > 0;

    public bool HasTargets => _targets.Length > 0;

    /// <summary>The numbers of some rows: the first ones, or any with repeats where the data is indexed.</summary>
    public int[] Draw(int rows) => [.. Enumerable.Range(0, rows).Select(row => _indexed ? _random.Next(_featureRows) : row)];

    /// <summary>Those rows as the library takes them.</summary>
    public Batch Batch(int[] rows)
    {
        int count = _indexed ? _featureRows : rows.Length;
        int length = ((count - 1) * _pitch) + _inputs;
        int[] labels = _labels.Length == 0 ? [] : _labels[..count];
        Batch all = IsBytes ? NativeMlp.Batch.FromRows(_bytes.AsSpan(0, length), count, labels) : NativeMlp.Batch.FromRows(_floats.AsSpan(0, length), count, labels);
        return all with
        {
            LeadingDimension = HasGaps ? _pitch : 0,
            Mean = _mean,
            Scale = _scale,
            Indices = _indexed ? rows : [],
            Targets = HasTargets ? _targets.AsSpan(0, count * _outputs) : [],
            Weights = HasWeights ? _weights.AsSpan(0, count) : [],
        };
    }

    /// <summary>What enters the network, in double precision, and the errors of it in float32.</summary>
    public (double[,] X, double[,] Errors) Inputs(int[] rows)
    {
        double scale = _scale == 0 ? 1 : _scale;
        double[,] x = new double[rows.Length, _inputs], errors = new double[rows.Length, _inputs];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int p = 0; p < _inputs; p++)
            {
                int at = (rows[i] * _pitch) + p;
                double value = IsBytes ? _bytes[at] : _floats[at];
                x[i, p] = (value - (HasMean ? (double)_mean[p] : 0)) * scale;
                errors[i, p] = HasMean || scale != 1 ? 2 * Rounding.Unit * Math.Abs(x[i, p]) : 0; // a difference and a product
            }
        }

        return (x, errors);
    }

    /// <summary>What the scores of those rows should be.</summary>
    public ReferenceTargets Targets(int[] rows)
    {
        int[] labels = _labels.Length == 0 ? [] : Array.ConvertAll(rows, row => _labels[row]);
        double[]? weights = HasWeights ? Array.ConvertAll(rows, row => (double)_weights[row]) : null;
        if (!HasTargets) return new ReferenceTargets(labels, null, weights);
        var values = new double[rows.Length, _outputs];
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < _outputs; j++) values[i, j] = _targets[(rows[i] * _outputs) + j];
        return new ReferenceTargets(labels, values, weights);
    }

    public override string ToString() =>
        $"{(IsBytes ? "bytes" : "floats")}, pitch {_pitch}, {(HasMean ? "a mean" : "no mean")}, scale {_scale}, {(_indexed ? "indexed" : "in order")}, {(HasTargets ? "targets" : "labels")}, {(HasWeights ? "weights" : "no weights")}";

    private float[] Normal(int count, float deviation)
    {
        float[] values = new float[count];
        Kernels.RandomNormal((ulong)_random.NextInt64(1, long.MaxValue), 0, values, 0, deviation);
        return values;
    }
}
