// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;

namespace NativeMlp.Tests;

/// <summary>Text from outside as messages show it.</summary>
public sealed class PrintableTests
{
    [Theory]
    [InlineData("data/train.csv", "data/train.csv")]
    [InlineData("größer 数 🙂", "größer 数 🙂")]
    [InlineData("\u001b[31mred", @"\u001B[31mred")]
    [InlineData("a\u009b2Jb\u007f", @"a\u009B2Jb\u007F")]
    [InlineData("one\r\ntwo\tthree", @"one\r\ntwo\tthree")]
    [InlineData("\u202egnp.exe", @"\u202Egnp.exe")]
    [InlineData("a\u2028b\u2029c\ufeff", @"a\u2028b\u2029c\uFEFF")]
    [InlineData("tag\U000e0041", @"tag\U000E0041")]
    public void Text_OfAnything_ShowsOnlyVisibleCharacters(string text, string expected) =>
        Assert.Equal(expected, Printable.Text(text));

    [Fact]
    public void Text_OfHalfAPair_EscapesIt() => // a lone surrogate cannot stand in an attribute
        Assert.Equal(@"a\uD83Db\uDE42", Printable.Text("a\ud83db\ude42"));

    [Fact]
    public void Text_OfEveryCharacter_IsVisibleAndStaysTheSameTheSecondTime()
    {
        for (int value = 0; value <= 0x10FFFF; value += value is >= 0x3000 and < 0xE000 ? 97 : 1)
        {
            if (!Rune.IsValid(value)) continue;
            string shown = Printable.Text(new Rune(value).ToString());
            Assert.DoesNotContain(shown.EnumerateRunes(), rune => Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            Assert.Equal(shown, Printable.Text(shown));
        }
    }

    [Fact]
    public void Text_OfAMegabyte_IsCut()
    {
        string shown = Printable.Text(new string('x', 1 << 20));
        Assert.Equal(new string('x', 200) + "…", shown);
        Assert.Equal(201, Printable.Text(string.Concat(Enumerable.Repeat("\n", 1 << 20))).Length);
    }

    [Fact]
    public void Path_OfALongPath_KeepsBeginningAndEnd()
    {
        string shown = Printable.Path("/first/" + new string('x', 5000) + "/last.csv");
        Assert.StartsWith("/first/", shown);
        Assert.EndsWith("/last.csv", shown);
        Assert.Equal(401, shown.Length);
    }

    [Fact]
    public void Lines_OfSeveralLines_KeepsThem() => Assert.Equal("a\\u001B\nb", Printable.Lines("a\u001b\r\nb"));
}
