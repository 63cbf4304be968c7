// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Tables;

/// <summary>Dates as numbers: the seconds from the beginning of 1970 to a date and time of day, as it is written and without a
/// time zone. Where the text names an offset from UTC, the time is turned into UTC first.</summary>
public static class DateText
{
    private static readonly string[] s_dates = ["yyyy-MM-dd", "yyyy/MM/dd", "yyyy.MM.dd", "dd.MM.yyyy", "d.M.yyyy"];

    private static readonly string[] s_times = ["", "HH:mm", "HH:mm:ss", "HH:mm:ss.FFFFFFF"];

    private static readonly string[] s_formats = [.. AllFormats()];

    /// <summary>Reads a date such as <c>2024-05-31</c>, <c>31.05.2024</c>, <c>2024-05-31 17:30</c> or
    /// <c>2024-05-31T17:30:00.5+02:00</c>, the same in every culture.</summary>
    /// <param name="text">The text; white space around it does not count.</param>
    /// <param name="seconds">The seconds since the beginning of 1970.</param>
    /// <returns>Whether the text is a date.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out double seconds)
    {
        bool read = DateTime.TryParseExact(text.Trim(), s_formats, CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal, out DateTime date);
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

    private static IEnumerable<string> AllFormats() =>
        from date in s_dates
        from time in s_times
        from separator in time.Length == 0 ? [""] : (string[])[" ", "'T'"]
        from zone in time.Length == 0 ? [""] : (string[])["", "K"]
        select date + separator + time + zone;
}
