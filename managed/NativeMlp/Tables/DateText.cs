// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Tables;

/// <summary>Converts dates to numbers: the seconds from the beginning of 1970 to a date and time of day, as written and without a
/// time zone. If the text contains an offset from UTC, the time is first converted to UTC.</summary>
public static class DateText
{
    private static readonly string[] s_times =
        ["H:mm", "H:mm:ss", "H:mm:ss.FFFFFFF", "H:mmK", "H:mm:ssK", "H:mm:ss.FFFFFFFK", "h:mm tt", "h:mm:ss tt"];

    // These formats are unambiguous. With points, the day comes first.
    private static readonly Layout[] s_plain = [.. Layouts("yyyy-MM-dd", "dd.MM.yyyy", "d.M.yyyy", "yyyy/MM/dd", "yyyy.MM.dd")];

    private static readonly Layout[] s_dayFirst = [.. s_plain, .. Layouts("d/M/yyyy", "d-M-yyyy")];

    private static readonly Layout[] s_monthFirst = [.. s_plain, .. Layouts("M/d/yyyy", "M-d-yyyy")];

    /// <summary>Reads a date such as <c>2024-05-31</c>, <c>31.05.2024</c>, <c>2024-05-31 17:30</c> or
    /// <c>2024-05-31T17:30:00.5+02:00</c>, the same in every culture.</summary>
    /// <param name="text">The text; white space around it does not count.</param>
    /// <param name="seconds">The seconds since the beginning of 1970.</param>
    /// <returns>Whether the text is a date.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out double seconds) => TryParse(text, order: null, out seconds);

    /// <summary>Reads a date, including formats such as <c>05/31/2024</c> or <c>31-5-2024 5:30 PM</c>.</summary>
    /// <param name="text">The text; white space around it does not count.</param>
    /// <param name="order">Which of two numbers before the year is the month; if null, such a text is not a date.</param>
    /// <param name="seconds">The seconds since the beginning of 1970.</param>
    /// <returns>Whether the text is a date.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, DateOrder? order, out double seconds)
    {
        text = text.Trim();
        Layout[] layouts = order switch { null => s_plain, DateOrder.DayFirst => s_dayFirst, _ => s_monthFirst };
        bool read = TryRead(text, layouts, text.IndexOfAny(' ', 'T'), out DateTime date);
        seconds = read ? ToSeconds(date) : double.NaN;
        return read;
    }

    /// <summary>Returns the seconds from the beginning of 1970 to a date, regardless of its <see cref="DateTime.Kind"/>.</summary>
    public static double ToSeconds(DateTime date) => (date.Ticks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerSecond;

    /// <summary>Returns the date of this number of seconds after the beginning of 1970; null if it is out of range.</summary>
    internal static DateTime? FromSeconds(double seconds)
    {
        double ticks = (seconds * TimeSpan.TicksPerSecond) + DateTime.UnixEpoch.Ticks;
        return ticks >= 0 && ticks < DateTime.MaxValue.Ticks ? new DateTime((long)ticks) : null;
    }

    // The form of the date determines the few formats to try.
    private static bool TryRead(ReadOnlySpan<char> text, Layout[] layouts, int dateLength, out DateTime date)
    {
        ReadOnlySpan<char> beginning = dateLength < 0 ? text : text[..dateLength];
        foreach (Layout layout in layouts)
        {
            if (!DateTime.TryParseExact(beginning, layout.Date, CultureInfo.InvariantCulture, DateTimeStyles.None, out date)) continue;
            return dateLength < 0
                || DateTime.TryParseExact(text, layout.WithTime, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out date);
        }

        date = default;
        return false;
    }

    private static IEnumerable<Layout> Layouts(params string[] dates) => dates.Select(date =>
        new Layout(date, [.. s_times.Select(time => date + "' '" + time), .. s_times.Select(time => date + "'T'" + time)]));

    // The format of a date, and the formats with a time of day.
    private sealed record Layout(string Date, string[] WithTime);
}
