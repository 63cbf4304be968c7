// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;

namespace NativeMlp.Tabular.Reading;

/// <summary>The names of the columns of a file. The name of an unnamed column contains its number.</summary>
internal static class ColumnNames
{
    private const string Prefix = "column";

    /// <summary>The names, from the first record if it is a header.</summary>
    /// <exception cref="DataFormatException">Two columns have the same name.</exception>
    public static string[] Take(string file, CsvSample sample, bool hasHeader)
    {
        string[] names = new string[sample.Columns];
        var firsts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = hasHeader ? Given(sample, i) : "";
            if (names[i].Length > 0 && !firsts.TryAdd(names[i], i))
                throw new DataFormatException(file, $"line {sample.FirstLine}, column {i + 1}: column {firsts[names[i]] + 1} has the same name, {Printable.Quoted(names[i], 60)}; rename one of them.");
        }

        for (int i = 0; i < names.Length; i++)
        {
            if (names[i].Length == 0) names[i] = Numbered(i, firsts);
        }

        return names;
    }

    /// <summary>Notes about the columns without a name in the header.</summary>
    public static IEnumerable<string> Notes(CsvSample sample)
    {
        for (int i = 0; i < sample.Columns; i++)
        {
            if (Given(sample, i).Length == 0) yield return $"Column {i + 1} has no name in the header; its name is {Prefix}{i + 1}.";
        }
    }

    private static string Given(CsvSample sample, int column) =>
        sample.Quoted[0][column] ? sample.Records[0][column] : sample.Records[0][column].Trim();

    private static string Numbered(int column, Dictionary<string, int> taken)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{column + 1}");
        while (!taken.TryAdd(name, column)) name += "_";
        return name;
    }
}
