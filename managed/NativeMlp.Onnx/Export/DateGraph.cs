// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Graphs;
using NativeMlp.Tables;
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Onnx.Export;

/// <summary>Writes the parts of dates, given as seconds since the beginning of 1970, in float64.</summary>
internal sealed class DateGraph(GraphMath math)
{
    private const double SecondsOfDay = 86400;
    private const double DaysBefore1970 = 719468; // from 1 March of the year 0

    // The dates that there are: the years 1 to 9999.
    private static readonly double s_first = DateText.ToSeconds(DateTime.MinValue);
    private static readonly double s_last = DateText.ToSeconds(DateTime.MaxValue);

    /// <summary>Whether a number is a date.</summary>
    public string Known(string seconds) => math.And(
        math.Node("GreaterOrEqual", seconds, math.Constant(s_first)), math.Node("LessOrEqual", seconds, math.Constant(s_last)));

    /// <summary>The parts of a date, <c>[rows × 5]</c>, in the order of <see cref="DateEncoding.Parts"/>.</summary>
    /// <param name="seconds">The date, <c>[rows × 1]</c>.</param>
    /// <param name="known">Whether it is one.</param>
    /// <param name="earliest"><see cref="DateEncoding.Earliest"/>.</param>
    public string Parts(string seconds, string known, double earliest)
    {
        seconds = math.Where(known, seconds, math.Constant(0));
        string days = math.Quotient(seconds, SecondsOfDay);
        string hour = math.Quotient(math.Subtract(seconds, math.Multiply(days, SecondsOfDay)), 3600);
        string fromSunday = math.Add(days, 4); // 1 January 1970 was a Thursday
        string weekday = math.Subtract(fromSunday, math.Multiply(math.Quotient(fromSunday, 7), 7));
        (string month, string day) = MonthAndDay(days);
        return math.Concat([math.Subtract(seconds, earliest), month, day, weekday, hour]);
    }

    // The Gregorian calendar in eras of 400 years that begin in March, so that the leap day is the last of a year.
    private (string Month, string Day) MonthAndDay(string days)
    {
        string all = math.Add(days, DaysBefore1970);
        string dayOfEra = math.Subtract(all, math.Multiply(math.Quotient(all, 146097), 146097));
        string leapDays = math.Subtract(math.Subtract(math.Quotient(dayOfEra, 36524), math.Quotient(dayOfEra, 1460)), math.Quotient(dayOfEra, 146096));
        string year = math.Quotient(math.Add(dayOfEra, leapDays), 365);
        string before = math.Subtract(math.Add(math.Multiply(year, 365), math.Quotient(year, 4)), math.Quotient(year, 100));
        string dayOfYear = math.Subtract(dayOfEra, before);
        string fromMarch = math.Quotient(math.Add(math.Multiply(dayOfYear, 5), 2), 153);
        string begins = math.Quotient(math.Add(math.Multiply(fromMarch, 153), 2), 5);
        string month = math.Where(math.Node("Less", fromMarch, math.Constant(10)), math.Add(fromMarch, 3), math.Subtract(fromMarch, 9));
        return (month, math.Add(math.Subtract(dayOfYear, begins), 1));
    }
}
