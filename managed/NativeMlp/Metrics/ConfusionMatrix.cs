// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>The number of rows of each class that were predicted as each class.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] _counts;
    private readonly int[] _unclassified;

    /// <summary>Creates a matrix without rows.</summary>
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

    /// <summary>The number of counted rows, including those without a predicted class.</summary>
    public int Count { get; private set; }

    /// <summary>The number of rows whose class was predicted correctly.</summary>
    public int Correct { get; private set; }

    /// <summary>The number of rows without a predicted class (<see cref="Mlp.NoClass"/>). They are in no cell, and count as incorrect.</summary>
    public int Unclassified => _unclassified.Sum();

    /// <summary><see cref="Correct"/> over <see cref="Count"/>; NaN before the first row.</summary>
    public double Accuracy => (double)Correct / Count;

    /// <summary>The number of rows of class <paramref name="actual"/> that were predicted as <paramref name="predicted"/>.</summary>
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
