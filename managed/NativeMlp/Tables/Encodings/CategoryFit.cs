// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables.Encodings;

/// <summary>Learns the encoding of categories from the training rows.</summary>
internal static class CategoryFit
{
    public static CategoryEncoding Fit(TableColumn column, ReadOnlySpan<int> rows, MissingValues marks, TableEncodingOptions options)
    {
        (Dictionary<string, int> counts, int missing) = Count(column, rows, marks);
        (string[] kept, string[] rare) = Part(counts, missing, options);
        bool two = counts.Count + (missing > 0 ? 1 : 0) == 2;
        return new CategoryEncoding
        {
            Categories = kept,
            Rare = rare,
            HasMissing = missing >= options.CategoryRows || (two && missing > 0),
            HasOther = rare.Length > 0 || (!two && missing > 0 && missing < options.CategoryRows),
            Numbers = column is NumberColumn,
        };
    }

    private static (Dictionary<string, int> Counts, int Missing) Count(TableColumn column, ReadOnlySpan<int> rows, MissingValues marks)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        int missing = 0;
        foreach (int row in rows)
        {
            if (column.NameAt(row) is { } name && !marks.Contains(name)) counts[name] = counts.GetValueOrDefault(name) + 1;
            else missing++;
        }

        return (counts, missing);
    }

    private static (string[] Kept, string[] Rare) Part(Dictionary<string, int> counts, int missing, TableEncodingOptions options)
    {
        bool two = counts.Count + (missing > 0 ? 1 : 0) <= 2;
        var commonest = counts.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        int kept = two ? counts.Count : commonest.TakeWhile(pair => pair.Value >= options.CategoryRows).Take(options.MostCategories).Count();
        return (Sorted(commonest.Take(kept)), Sorted(commonest.Skip(kept)));
    }

    private static string[] Sorted(IEnumerable<KeyValuePair<string, int>> counts) =>
        [.. counts.Select(pair => pair.Key).Order(StringComparer.Ordinal)];
}
