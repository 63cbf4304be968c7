// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;

namespace NativeMlp.Tests.Metrics;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Add_Predictions_CountsThem()
    {
        var matrix = new ConfusionMatrix(3);
        foreach ((int actual, int predicted) in new[] { (0, 0), (0, 1), (2, 2), (2, 2), (1, 0) })
            matrix.Add(actual, predicted);

        Assert.Equal((1, 1, 0, 1, 2), (matrix[0, 0], matrix[0, 1], matrix[1, 1], matrix[1, 0], matrix[2, 2]));
        Assert.Equal((3, 5, 3), (matrix.Classes, matrix.Count, matrix.Correct));
        Assert.Equal(0.6, matrix.Accuracy);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(0));
    }
}
