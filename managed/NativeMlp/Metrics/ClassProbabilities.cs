// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>The probability of each class for each row; of two classes only that of class 1 is stored.</summary>
internal readonly ref struct ClassProbabilities
{
    private readonly ReadOnlySpan<double> _values;
    private readonly int _columns;

    /// <exception cref="ArgumentException">There are no <paramref name="columns"/> values for each row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is below 0 or above 1.</exception>
    public ClassProbabilities(ReadOnlySpan<double> probabilities, int columns, int rows)
    {
        _values = probabilities;
        _columns = columns;
        Rows = rows;
        if (probabilities.Length != (long)rows * columns)
            Throw.WrongLength(probabilities.Length, (long)rows * columns, $"{columns} for each of {rows} rows", nameof(probabilities));
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] is < 0 or > 1)
                Throw.OutOfRange($"probabilities[{i}] is {probabilities[i]}; a probability is from 0 to 1.", nameof(probabilities));
        }
    }

    public int Rows { get; }

    public int Classes => Math.Max(_columns, 2);

    public bool AreBinary => _columns == 1;

    public double this[int row, int c] => !AreBinary ? _values[(row * _columns) + c] : c == 1 ? _values[row] : 1 - _values[row];

    /// <summary>The first of the most probable classes, or <see cref="Mlp.NoClass"/> where a probability is NaN.</summary>
    public int MostProbable(int row)
    {
        int best = 0;
        for (int c = 0; c < Classes; c++)
        {
            if (double.IsNaN(this[row, c])) return Mlp.NoClass;
            if (this[row, c] > this[row, best]) best = c;
        }

        return best;
    }

    /// <summary>Scores that order the rows by the probability of a class. They are not 1 − p, which would make small probabilities equal.</summary>
    public void CopyScores(int c, Span<double> scores)
    {
        for (int row = 0; row < Rows; row++) scores[row] = AreBinary && c == 0 ? -this[row, 1] : this[row, c];
    }
}
