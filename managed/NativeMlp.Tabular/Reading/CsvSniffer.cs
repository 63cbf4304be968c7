// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;

namespace NativeMlp.Tabular.Reading;

/// <summary>Finds out from the first records how a file is written, where the options do not say.</summary>
internal static class CsvSniffer
{
    /// <summary>The layout of the file that begins with <paramref name="block"/>.</summary>
    /// <exception cref="DataFormatException">There is no record, or the first record might be either a header or a row.</exception>
    public static CsvLayout Find(string name, RecordBlock block, TableReaderOptions options)
    {
        CsvSample sample = Sample(name, block, options.Delimiter);
        char point = options.DecimalSeparator ?? (options.ThousandsSeparator switch { '.' => ',', ',' => '.', _ => FindDecimal(sample) });
        if (point == options.ThousandsSeparator)
            throw new DataFormatException(name, $"'{point}' cannot separate both decimals and groups of three digits.");
        var syntax = new NumberSyntax(point, options.ThousandsSeparator, options.AllowUnits);
        var missing = new MissingMarks(options.Missing, syntax);
        bool hasHeader = options.HasHeader ?? FindHeader(name, sample, syntax, missing);
        return new CsvLayout
        {
            Name = name,
            Delimiter = sample.Delimiter,
            HasHeader = hasHeader,
            Columns = ColumnNames.Take(name, sample, hasHeader),
            Numbers = syntax,
            Missing = missing,
            Notes = hasHeader ? [.. ColumnNames.Notes(sample)] : [],
        };
    }

    private static CsvSample Sample(string name, RecordBlock block, char? delimiter)
    {
        try
        {
            return (delimiter is char given ? CsvSample.Take(block, given) : BestSample(block))
                ?? throw new DataFormatException(name, "the file is empty.");
        }
        catch (InvalidDataException)
        {
            throw TextEncoding.Invalid(name, block);
        }
    }

    // A delimiter gives every record the same number of cells. Where none does, the file has a fault, or one column.
    private static CsvSample? BestSample(RecordBlock block)
    {
        CsvSample? best = null;
        foreach (char candidate in Delimiters.Candidates)
        {
            CsvSample? sample = CsvSample.Take(block, candidate);
            if (sample is null || sample.IsRegular) return sample;
            if (best is null || sample.Columns >= best.Columns) best = sample;
        }

        return best;
    }

    // "1,5" says that the comma is the decimal separator, "1,500" and "1,5;2.5" do not.
    private static char FindDecimal(CsvSample sample)
    {
        if (sample.Delimiter != ';') return '.';
        var comma = new NumberSyntax(',');
        var thousands = new NumberSyntax('.', ',');
        bool found = false;
        foreach (string cell in sample.Records.SelectMany(record => record))
        {
            if (cell.Contains('.') && NumberIn(cell, new NumberSyntax('.'))) return '.';
            found |= cell.Contains(',') && NumberIn(cell, comma) && (!NumberIn(cell, thousands) || cell.TrimStart(" -+").StartsWith("0,", StringComparison.Ordinal));
        }

        return found ? ',' : '.';
    }

    private static bool NumberIn(string cell, NumberSyntax syntax) => syntax.TryParse(cell, out _);

    // A header has names. Numbers are names where they count up, as in 0,1,2 (what table libraries write for columns without
    // names) or 2019,2020; other numbers look like a row, and a file without a header must say so.
    private static bool FindHeader(string name, CsvSample sample, NumberSyntax syntax, MissingMarks missing)
    {
        string[] first = sample.Records[0];
        string[] numbers = [.. first.Where(cell => NumberIn(cell, syntax))];
        if (numbers.Length == 0 && first.Any(cell => !missing.Contains(cell))) return true;
        if (numbers.Length > 1 && CountUp(numbers)) return true;
        throw new DataFormatException(name, numbers.Length == 0
            ? $"line {sample.FirstLine} should name the columns, but its cells are empty; if it is a row, say that there is no header (--no-header)."
            : $"line {sample.FirstLine} should name the columns, but {Printable.Quoted(numbers[0], 40)} is a number as in a row; if there is no header, say --no-header; if it is a name, say --header.");
    }

    private static bool CountUp(string[] numbers)
    {
        int before = 0;
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!int.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return false;
            if (i > 0 && number != before + 1) return false;
            before = number;
        }

        return true;
    }
}
