// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Inference;

/// <summary>
/// Finds columns that reveal the label. They are rarely known before the label, so a model that depends on one has
/// excellent test results but is useless afterwards.
/// </summary>
internal static class LeakCheck
{
    private const int FewRows = 30;

    // A value must occur in enough rows that it cannot be right by chance.
    private const int RowsOfAValue = 10;
    private const double GivenAway = 0.995;
    private const double Uneven = 0.95;
    private const double Correlated = 0.9999;

    /// <summary>A message about what is suspicious about a feature; null if nothing is.</summary>
    public static string? Find(ColumnFacts feature, LabelValues label)
    {
        if (label.Rows.Length < FewRows) return null;
        double[] values = [.. label.Rows.Select(row => ValueAt(feature.Column, row))];
        string? how = (long)RowsOfAValue * feature.Distinct <= label.Rows.Length ? ByValue(values, label) : null;
        if (how is null && feature.Column is NumberColumn) how = label.HasClasses ? ByThresholds(values, label) : ByLine(values, label);
        return how is null ? null : $"{how}: a suspected leak. If it is not known before the label, leave it out.";
    }

    // A missing value counts as a value.
    private static double ValueAt(TableColumn column, int row) => column is TextColumn text ? text.Codes[row]
        : double.IsNaN(((NumberColumn)column).Values[row]) ? double.MinValue : ((NumberColumn)column).Values[row];

    private static string? ByValue(double[] values, LabelValues label) => label.HasClasses ? ByClass(values, label) : ByMean(values, label);

    private static string? ByClass(double[] values, LabelValues label)
    {
        var pairs = values.Zip(label.Values).CountBy(pair => pair);
        double right = pairs.GroupBy(pair => pair.Key.First).Sum(group => group.Max(pair => pair.Value));
        double commonest = label.Values.CountBy(value => value).Max(pair => pair.Value);
        return right >= GivenAway * values.Length && commonest <= Uneven * values.Length
            ? $"each of its values belongs to one class, in {Percent(right / values.Length)} of the rows" : null;
    }

    private static string? ByMean(double[] values, LabelValues label)
    {
        double within = values.Zip(label.Values).GroupBy(pair => pair.First).Sum(group => Variation([.. group.Select(pair => pair.Second)]));
        double whole = Variation(label.Values);
        return whole > 0 && within <= (1 - Correlated) * whole ? "each of its values belongs to one value of the label" : null;
    }

    // If a column reveals the classes, the class changes only once between two classes.
    private static string? ByThresholds(double[] values, LabelValues label)
    {
        (double Value, double Class)[] sorted = [.. values.Zip(label.Values).Order()];
        int changes = 0;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Class == sorted[i - 1].Class) continue;
            if (sorted[i].Value == sorted[i - 1].Value) return null;
            changes++;
        }

        return changes == label.Classes - 1 ? "thresholds on it separate the classes without an error" : null;
    }

    private static string? ByLine(double[] values, LabelValues label)
    {
        int[] present = [.. Enumerable.Range(0, values.Length).Where(i => values[i] != double.MinValue)];
        if (present.Length < FewRows) return null;
        double meanX = present.Average(i => values[i]), meanY = present.Average(i => label.Values[i]);
        double xy = present.Sum(i => (values[i] - meanX) * (label.Values[i] - meanY));
        double xx = present.Sum(i => Square(values[i] - meanX)), yy = present.Sum(i => Square(label.Values[i] - meanY));
        return xx > 0 && yy > 0 && xy * xy >= Correlated * xx * yy ? "the label is a linear function of it" : null;
    }

    private static double Variation(double[] values)
    {
        double mean = values.Average();
        return values.Sum(value => Square(value - mean));
    }

    private static double Square(double value) => value * value;

    private static string Percent(double part) => FormattableString.Invariant($"{100 * part:0.#} %");
}
