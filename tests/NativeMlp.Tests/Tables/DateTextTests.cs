// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tests.Tables;

/// <summary>Dates as text. The seconds are those of <c>date -u -d TEXT +%s</c>.</summary>
public sealed class DateTextTests
{
    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("2024-02-29", 1709164800)]
    [InlineData(" 29.02.2024 ", 1709164800)]
    [InlineData("1.2.1969", -28857600)]
    [InlineData("2024/02/29 23:00", 1709247600)]
    [InlineData("2024-02-29T23:00:01", 1709247601)]
    [InlineData("2024-02-29T23:00:01.25Z", 1709247601.25)]
    [InlineData("2024-02-29T23:00:01+02:00", 1709240401)]
    [InlineData("0001-01-01", -62135596800)]
    [InlineData("9999-12-31 23:59:59", 253402300799)]
    public void TryParse_Date_GivesItsSeconds(string text, double expected)
    {
        Assert.True(DateText.TryParse(text, out double seconds));
        Assert.Equal(expected, seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2024")]
    [InlineData("20240229")]
    [InlineData("2023-02-29")]
    [InlineData("2024-02-29 25:00")]
    [InlineData("29/02/2024")]
    [InlineData("yesterday")]
    public void TryParse_NoDate_IsRefused(string text) =>
        Assert.False(DateText.TryParse(text, out _));

    [Theory]
    [InlineData("02/29/2024", DateOrder.MonthFirst, 1709164800)]
    [InlineData("29/02/2024", DateOrder.DayFirst, 1709164800)]
    [InlineData("3/4/2024", DateOrder.MonthFirst, 1709510400)]
    [InlineData("3/4/2024", DateOrder.DayFirst, 1712102400)]
    [InlineData("3-4-2024", DateOrder.DayFirst, 1712102400)]
    [InlineData("2/29/2024 11:00 PM", DateOrder.MonthFirst, 1709247600)]
    [InlineData("2/29/2024 9:00:01", DateOrder.MonthFirst, 1709197201)]
    [InlineData("2024-02-29", DateOrder.MonthFirst, 1709164800)]
    [InlineData("29.02.2024", DateOrder.MonthFirst, 1709164800)]
    public void TryParse_InAnOrder_GivesItsSeconds(string text, DateOrder order, double expected)
    {
        Assert.True(DateText.TryParse(text, order, out double seconds));
        Assert.Equal(expected, seconds);
    }

    [Theory]
    [InlineData("29/02/2024", DateOrder.MonthFirst)]
    [InlineData("02/29/2024", DateOrder.DayFirst)]
    [InlineData("2/29/24", DateOrder.MonthFirst)]
    public void TryParse_NotInThisOrder_IsRefused(string text, DateOrder order) =>
        Assert.False(DateText.TryParse(text, order, out _));

    [Fact]
    public void ToSeconds_DateOfAnyKind_IsThatOfItsText()
    {
        DateTime date = new(2024, 2, 29, 23, 0, 1, 250);

        Assert.Equal(1709247601.25, DateText.ToSeconds(date));
        Assert.Equal(1709247601.25, DateText.ToSeconds(DateTime.SpecifyKind(date, DateTimeKind.Local)));
    }
}
