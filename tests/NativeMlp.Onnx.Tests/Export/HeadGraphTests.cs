// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Export;

namespace NativeMlp.Onnx.Tests.Export;

/// <summary>The decisions that a graph makes.</summary>
public sealed class HeadGraphTests
{
    [Theory]
    [InlineData(0.4)]
    [InlineData(0.3)]
    [InlineData(0.5)]
    [InlineData(0.1)]
    [InlineData(1 / 3.0)]
    public void NotAbove_AnyBound_DividesTheFloatsAsTheBoundDoes(double bound)
    {
        float divide = HeadGraph.NotAbove(bound), next = MathF.BitIncrement(divide);
        Assert.False(divide > bound);
        Assert.True(next > bound);
    }
}
