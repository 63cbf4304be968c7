// SPDX-License-Identifier: MIT
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Tests.Tables;

/// <summary>A cell says the same whether it is given as text or as a number.</summary>
public sealed class CellReadersTests
{
    /// <summary>A file that is read some rows at a time has its dates as text, also those that are seconds since 1970.</summary>
    [Theory]
    [InlineData("1700000000", 1700000000)]
    [InlineData("-86400.5", -86400.5)]
    [InlineData("1970-01-02", 86400)]
    [InlineData("1e300", double.NaN)]
    [InlineData("yesterday", double.NegativeInfinity)]
    [InlineData(null, double.NaN)]
    public void Date_OfText_IsSecondsSince1970(string? text, double seconds) => Assert.Equal(seconds, CellReaders.Date(null).Read(text));

    [Fact]
    public void Date_OfANumber_IsWhatItsTextIs() => Assert.Equal(CellReaders.Date(null).Read(1700000000.25), CellReaders.Date(null).Read("1700000000.25"));
}
