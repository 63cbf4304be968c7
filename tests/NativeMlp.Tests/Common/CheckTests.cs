// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests;

/// <summary>Sizes that an array may have.</summary>
public sealed class CheckTests
{
    [Theory]
    [InlineData(0, 5, 0)]
    [InlineData(46_340, 46_340, 2_147_395_600)] // the greatest square below 2³¹
    public void Elements_ThatFit_AreCounted(int rows, int columns, int expected) =>
        Assert.Equal(expected, Check.Elements(rows, columns, "inputs", "take fewer rows", "rows"));

    [Theory]
    [InlineData(65_536, 32_768, "2147483648")]
    [InlineData(2_000_000_000, 458, "916000000000")]
    public void Elements_OfMoreThanAnArrayHolds_AreRefused(int rows, int columns, string count)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Check.Elements(rows, columns, "inputs", "take fewer rows", "rows"));
        Assert.StartsWith($"The inputs [{rows} × {columns}] have {count} elements; at most 2147483591 fit into an array: take fewer rows.", e.Message, StringComparison.Ordinal);
    }
}
