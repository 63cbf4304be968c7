// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Settings;

namespace NativeMlp.Tests.Runner;

/// <summary>Lists of names in one text.</summary>
public sealed class NameListTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData(" a , b ", "a|b")]
    [InlineData("\"a,b\",c", "a,b|c")]
    [InlineData("c, \"a\"\"b\" ", "c|a\"b")]
    [InlineData("\" a \"", " a ")]
    [InlineData("a\"b", "a\"b")]
    public void TryParse_OfAList_FindsItsNames(string text, string names)
    {
        Assert.True(NameList.TryParse(text, out string[] found));
        Assert.Equal(names.Split('|'), found);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,")]
    [InlineData(",a")]
    [InlineData("a,,b")]
    [InlineData("\"a")]
    [InlineData("\"a\"\"")]
    [InlineData("\"a\"b")]
    [InlineData("\"\"")]
    public void TryParse_OfNoList_IsRefused(string text) => Assert.False(NameList.TryParse(text, out _));

    [Fact]
    public void Join_OfNames_IsTheListOfThem()
    {
        string[] names = ["a", "b,c", "d\"e", " f", "g h"];
        Assert.Equal("a,\"b,c\",\"d\"\"e\",\" f\",g h", NameList.Join(names));
        Assert.True(NameList.TryParse(NameList.Join(names), out string[] again));
        Assert.Equal(names, again);
    }
}
