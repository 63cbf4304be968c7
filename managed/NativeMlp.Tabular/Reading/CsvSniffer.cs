// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;

namespace NativeMlp.Tabular.Reading;

/// <summary>Detects the format of a file from the first records, as far as the options do not specify it.</summary>
internal static class CsvSniffer
{
    /// <summary>The layout of the file that begins with <paramref name="block"/>.</summary>
    /// <exception cref="DataFormatException">There is no record, or the first record could be either a header or a row.</exception>
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

    // With the right delimiter, every record has the same number of cells. If there is none, the file has an error or one column.
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

    // "1,5" shows that the comma is the decimal separator; "1,500" and "1,5;2.5" do not.
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

    // A header has names. Numbers are names if they count up, as in 0,1,2 (written by table libraries for columns without
    // names) or 2019,2020. Other numbers look like a row, and a file without a header needs the option.
    private static bool FindHeader(string name, CsvSample sample, NumberSyntax syntax, MissingMarks missing)
    {
        string[] first = sample.Records[0];
        string[] numbers = [.. first.Where(cell => NumberIn(cell, syntax))];
        if (numbers.Length == 0 && first.Any(cell => !missing.Contains(cell))) return true;
        if (numbers.Length > 1 && CountUp(numbers)) return true;
        throw new DataFormatException(name, numbers.Length == 0
            ? $"line {sample.FirstLine} should contain the column names, but its cells are empty; if it is a row, use --no-header."
            : $"line {sample.FirstLine} should contain the column names, but {Printable.Quoted(numbers[0], 40)} is a number, as in a row; if there is no header, use --no-header; if it is a name, use --header.");
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
