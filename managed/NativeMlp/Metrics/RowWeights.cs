// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>The weights of rows: 1 for each row if none are given.</summary>
internal readonly ref struct RowWeights
{
    private readonly ReadOnlySpan<double> _weights;

    /// <exception cref="ArgumentException">There is not one weight for each row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative, infinite or NaN.</exception>
    public RowWeights(ReadOnlySpan<double> weights, int rows)
    {
        _weights = weights;
        if (weights.IsEmpty) return;
        Check.Length(weights.Length, rows, "one for each row", nameof(weights));
        for (int row = 0; row < rows; row++)
        {
            if (!(weights[row] >= 0 && double.IsFinite(weights[row])))
                Throw.OutOfRange($"weights[{row}] is {weights[row]}; a weight must be finite and at least 0.", nameof(weights));
        }
    }

    private RowWeights(ReadOnlySpan<double> weights) => _weights = weights;

    /// <summary>Weights of which each is known to be valid.</summary>
    public static RowWeights OfValid(ReadOnlySpan<double> weights) => new(weights);

    /// <summary>Whether weights were given.</summary>
    public bool AreGiven => !_weights.IsEmpty;

    public double this[int row] => _weights.IsEmpty ? 1 : _weights[row];
}
