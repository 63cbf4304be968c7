// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Tables;

/// <summary>Dates as numbers: the seconds from the beginning of 1970 to a date and time of day, as it is written and without a
/// time zone. Where the text names an offset from UTC, the time is turned into UTC first.</summary>
public static class DateText
{
    private static readonly string[] s_dates = ["yyyy-MM-dd", "dd.MM.yyyy", "d.M.yyyy", "yyyy/MM/dd", "yyyy.MM.dd"];

    private static readonly string[] s_times = ["HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF", "HH:mmK", "HH:mm:ssK", "HH:mm:ss.FFFFFFFK"];

    // For each of the dates the formats with a time of day.
    private static readonly string[][] s_formats =
        [.. s_dates.Select(date => s_times.Select(time => date + "' '" + time).Concat(s_times.Select(time => date + "'T'" + time)).ToArray())];

    /// <summary>Reads a date such as <c>2024-05-31</c>, <c>31.05.2024</c>, <c>2024-05-31 17:30</c> or
    /// <c>2024-05-31T17:30:00.5+02:00</c>, the same in every culture.</summary>
    /// <param name="text">The text; white space around it does not count.</param>
    /// <param name="seconds">The seconds since the beginning of 1970.</param>
    /// <returns>Whether the text is a date.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out double seconds)
    {
        text = text.Trim();
        bool read = TryRead(text, text.IndexOfAny(' ', 'T'), out DateTime date);
        seconds = read ? ToSeconds(date) : double.NaN;
        return read;
    }

    /// <summary>The seconds from the beginning of 1970 to a date, whatever its <see cref="DateTime.Kind"/>.</summary>
    public static double ToSeconds(DateTime date) => (date.Ticks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerSecond;

    /// <summary>The date so many seconds after the beginning of 1970; null where no date is.</summary>
    internal static DateTime? FromSeconds(double seconds)
    {
        double ticks = (seconds * TimeSpan.TicksPerSecond) + DateTime.UnixEpoch.Ticks;
        return ticks >= 0 && ticks < DateTime.MaxValue.Ticks ? new DateTime((long)ticks) : null;
    }

    // The date decides which few formats the whole is tried with.
    private static bool TryRead(ReadOnlySpan<char> text, int dateLength, out DateTime date)
    {
        ReadOnlySpan<char> beginning = dateLength < 0 ? text : text[..dateLength];
        for (int i = 0; i < s_dates.Length; i++)
        {
            if (!DateTime.TryParseExact(beginning, s_dates[i], CultureInfo.InvariantCulture, DateTimeStyles.None, out date)) continue;
            return dateLength < 0
                || DateTime.TryParseExact(text, s_formats[i], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out date);
        }

        date = default;
        return false;
    }
}
