// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Inference;

/// <summary>Detects from the dates of a table whether the day or the month comes first in <c>03/04/2024</c>: a number above 12
/// is not a month. One column determines the order for all, because a table usually has one format.</summary>
internal static class DateOrders
{
    /// <summary>The order; null if no column determines it.</summary>
    /// <exception cref="ArgumentException">Two columns contradict each other.</exception>
    public static DateOrder? Find(IEnumerable<TextColumn> columns)
    {
        (TextColumn Column, DateOrder Order)[] telling = [.. columns.Select(column => (column, Orders(column)))
            .Where(found => found.Item2 is [_]).Select(found => (found.column, found.Item2[0]))];
        if (telling.Length == 0) return null;
        int other = Array.FindIndex(telling, found => found.Order != telling[0].Order);
        return other < 0 ? telling[0].Order : throw new ArgumentException(
            $"The dates of column {Name(telling[0].Column)} begin with the {First(telling[0].Order)}, but those of column {Name(telling[other].Column)} with the {First(telling[other].Order)}. "
            + "Choose the right one with --date-order; the other column is then not read as dates.");
    }

    /// <summary>Whether each text is a date that may begin with either the day or the month.</summary>
    public static bool AreAmbiguous(TextColumn column) => Orders(column).Length == 2;

    // The orders with which all texts are dates; none if the texts need no order.
    private static DateOrder[] Orders(TextColumn column) => AreDates(column, null) ? []
        : [.. Enum.GetValues<DateOrder>().Where(order => AreDates(column, order))];

    private static bool AreDates(TextColumn column, DateOrder? order) =>
        column.Distinct.All(text => DateText.TryParse(text, order, out _));

    private static string Name(TextColumn column) => Printable.Quoted(column.Name, 60);

    private static string First(DateOrder order) => order == DateOrder.DayFirst ? "day" : "month";
}
