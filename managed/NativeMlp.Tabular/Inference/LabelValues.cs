// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Inference;

/// <summary>A sample of the label as numbers: the index of each row's class, or the value itself.</summary>
internal sealed class LabelValues
{
    // In a longer table, rows at equal distances are used.
    private const int MostRows = 100_000;

    private LabelValues(int[] rows, double[] values, bool hasClasses)
    {
        (Rows, Values, HasClasses) = (rows, values, hasClasses);
        Classes = hasClasses ? values.Distinct().Count() : 0;
    }

    /// <summary>The rows of the sample. All of them have a label.</summary>
    public int[] Rows { get; }

    /// <summary>The label of each row.</summary>
    public double[] Values { get; }

    public bool HasClasses { get; }

    /// <summary>The number of classes in the sample.</summary>
    public int Classes { get; }

    public static LabelValues Of(TableColumn label, bool hasClasses)
    {
        int step = Math.Max(1, label.Count / MostRows);
        int[] rows = [.. Enumerable.Range(0, label.Count / step).Select(i => i * step).Where(row => !label.IsMissing(row))];
        return new LabelValues(rows, [.. rows.Select(row => label is TextColumn text ? text.Codes[row] : ((NumberColumn)label).Values[row])], hasClasses);
    }
}
