// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>How often rows of each class were predicted as each class.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts;
    private readonly int[] _unclassified;

    /// <summary>Starts with no rows.</summary>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one class.</exception>
    public ConfusionMatrix(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        _counts = new int[classes, classes];
        _unclassified = new int[classes];
    }

    /// <summary>Number of classes.</summary>
    public int Classes => _counts.GetLength(0);

    /// <summary>Rows counted, those without a class included.</summary>
    public int Count { get; private set; }

    /// <summary>Rows whose class was predicted right.</summary>
    public int Correct { get; private set; }

    /// <summary>Rows that were given no class (<see cref="Mlp.NoClass"/>): they are in no cell, and wrong.</summary>
    public int Unclassified => _unclassified.Sum();

    /// <summary><see cref="Correct"/> over <see cref="Count"/>; not a number before the first row.</summary>
    public double Accuracy => (double)Correct / Count;

    /// <summary>How many rows of class <paramref name="actual"/> were predicted as <paramref name="predicted"/>.</summary>
    /// <param name="actual">The row's class.</param>
    /// <param name="predicted">What was predicted.</param>
    public int this[int actual, int predicted] => _counts[actual, predicted];

    /// <summary>Counts a row.</summary>
    /// <param name="actual">Its class.</param>
    /// <param name="predicted">What was predicted, <see cref="Mlp.NoClass"/> included.</param>
    /// <exception cref="IndexOutOfRangeException">One of them is not a class.</exception>
    public void Add(int actual, int predicted)
    {
        if (predicted == Mlp.NoClass)
            _unclassified[actual]++;
        else
            _counts[actual, predicted]++;
        Count++;
        if (actual == predicted)
            Correct++;
    }
}
