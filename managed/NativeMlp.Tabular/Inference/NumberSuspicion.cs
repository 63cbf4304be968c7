// SPDX-License-Identifier: MIT
using NativeMlp.Tables;
using NativeMlp.Tabular.Reading;

namespace NativeMlp.Tabular.Inference;

/// <summary>Finds columns of text that contain numbers except for a few cells, which are usually another text for a missing
/// value, or errors.</summary>
internal static class NumberSuspicion
{
    private const double NearlyAll = 0.9;

    // Number formats that are read only on request. 1,200 is a number in several of them, and usually means a thousand.
    private static readonly (NumberSyntax Syntax, string Option)[] s_decorated =
    [
        (new('.', ','), "--thousands ,"),
        (new(',', '.'), "--thousands . (with --decimal ,)"),
        (new('.', null, Units: true), "--units"),
        (new(',', null, Units: true), "--units (with --decimal ,)"),
        (new('.', ',', Units: true), "--units with --thousands ,"),
        (new(',', '.', Units: true), "--units with --thousands . and --decimal ,"),
    ];

    /// <summary>A message about what is suspicious about a column of text; null if nothing is.</summary>
    /// <param name="facts">The column.</param>
    /// <param name="first">Its first cell that is not a number; null if it was not read as numbers.</param>
    public static string? Find(ColumnFacts facts, NotANumber? first)
    {
        if (first is null || facts.Column is not TextColumn column) return null;
        if (Decorated(column) is { } option)
            return $"its values, such as {Printable.Quoted(first.Cell, 40)}, can be read as numbers with {option}; as text, each is only a category.";
        var syntax = new NumberSyntax('.');
        bool[] isNumber = [.. column.Distinct.Select(value => syntax.TryParse(value, out _))];
        int numbers = 0;
        foreach (int code in column.Codes)
        {
            if (code >= 0 && isNumber[code]) numbers++;
        }

        return numbers < NearlyAll * facts.Present ? null
            : $"all but {facts.Present - numbers} of its {facts.Present} values are numbers; the first exception is {Printable.Quoted(first.Cell, 40)} in line {first.Line}. If it means a missing value, add it to --missing.";
    }

    private static string? Decorated(TextColumn column) => s_decorated
        .FirstOrDefault(way => column.Distinct.All(text => way.Syntax.TryParse(text, out _))
            && column.Distinct.Any(text => !new NumberSyntax(way.Syntax.Decimal).TryParse(text, out _))).Option;
}
