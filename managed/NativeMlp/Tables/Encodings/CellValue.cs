// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables.Encodings;

/// <summary>Reads a cell from an object.</summary>
internal static class CellValue
{
    /// <summary>Reads a value for a column of an encoding.</summary>
    /// <exception cref="ArgumentException">The type of the value is not supported.</exception>
    public static double Read(TableEncoding encoding, int feature, object? value) => value switch
    {
        null => Cell.Missing,
        string text => encoding.Read(feature, text),
        bool yes => encoding.Features[feature].Read(yes),
        DateTime date => encoding.Read(feature, DateText.ToSeconds(date)),
        DateTimeOffset date => encoding.Read(feature, DateText.ToSeconds(date.UtcDateTime)),
        DateOnly date => encoding.Read(feature, DateText.ToSeconds(date.ToDateTime(TimeOnly.MinValue))),
        double or float or decimal or int or long or short or sbyte or uint or ulong or ushort or byte =>
            encoding.Read(feature, ToDouble((IConvertible)value)),
        _ => throw new ArgumentException(
            $"The value of column {Printable.Quoted(encoding.Schema.Features[feature].Name)} is of the type {value.GetType().Name}; it must be a text, a number, a bool, a date or null.", nameof(value)),
    };

    private static double ToDouble(IConvertible number) => number.ToDouble(System.Globalization.CultureInfo.InvariantCulture);
}
