// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Inference;

/// <summary>A judgement about a column, with its reason.</summary>
internal readonly record struct Judgement(ColumnRole Role, ColumnType? Type, string Reason);

/// <summary>The rules by which a column that nothing is said about gets its type, or is left out.</summary>
internal static class ColumnRules
{
    // Of fewer rows hardly anything can be said.
    private const int FewRows = 10;

    // More different texts than this part of the rows are names of rows, not of kinds of rows.
    private const double MostDistinctTexts = 0.5;

    private static readonly string[] s_idWords = ["id", "uuid", "guid", "index", "idx", "key", "rowid", "rownum", "rownumber"];

    /// <summary>Judges a column; its dates are read in an order, if there is one.</summary>
    public static Judgement Judge(ColumnFacts facts, DateOrder? order)
    {
        if (facts.Present == 0) return LeftOut("it has no value");
        if (facts is { Distinct: 1, Missing: 0 }) return LeftOut($"every row has the value {Shown(facts.Values[0])}");
        return facts.Column is NumberColumn ? JudgeNumbers(facts) : JudgeText(facts, order);
    }

    /// <summary>What is said of a column whose dates may begin with the day or with the month.</summary>
    public static Judgement Undecided(ColumnFacts facts) => new(ColumnRole.Undecided, null,
        $"dates such as {Shown(facts.Values[0])} do not tell whether the day or the month comes first: say --date-order day-first or --date-order month-first");

    /// <summary>The type that an override gives a column.</summary>
    public static Judgement Override(ColumnType type) => new(ColumnRole.Feature, type, $"an option says that it is a {Name(type)}");

    /// <summary>A type in words.</summary>
    public static string Name(ColumnType type) => type switch
    {
        ColumnType.Number => "number",
        ColumnType.Boolean => "boolean",
        ColumnType.Category => "category",
        _ => "date",
    };

    private static Judgement JudgeNumbers(ColumnFacts facts)
    {
        if (facts.IsInteger && facts.CountsUp && facts.Present >= FewRows) return LeftOut($"it numbers the rows from {ColumnFacts.Text(facts.Minimum)} on");
        if (facts.IsInteger && facts.Present >= FewRows && IsIdName(facts.Column.Name) && facts.AllDistinct())
            return LeftOut("each row has another whole number, and the name says that it identifies the row");
        if (facts is { Distinct: 2, Minimum: 0, Maximum: 1 }) return new(ColumnRole.Feature, ColumnType.Boolean, "its values are 0 and 1");
        string kind = facts.IsInteger ? "whole numbers" : "numbers";
        return new(ColumnRole.Feature, ColumnType.Number, $"its values are {kind} from {ColumnFacts.Text(facts.Minimum)} to {ColumnFacts.Text(facts.Maximum)}");
    }

    private static Judgement JudgeText(ColumnFacts facts, DateOrder? order)
    {
        var text = (TextColumn)facts.Column;
        if (text.Distinct.All(value => DateText.TryParse(value, order, out _))) return new(ColumnRole.Feature, ColumnType.Date, $"its values are dates such as {Shown(facts.Values[0])}{Describe(facts.Values[0], order)}");
        if (order is null && DateOrders.AreAmbiguous(text)) return Undecided(facts);
        if (facts is { Distinct: 2 }) return new(ColumnRole.Feature, ColumnType.Boolean, $"its values are {Shown(facts.Values[0])} and {Shown(facts.Values[1])}");
        if (facts.Present >= FewRows && facts.Distinct > MostDistinctTexts * facts.Present)
        {
            return LeftOut(IsIdName(facts.Column.Name)
                ? "nearly each row has another text, and the name says that it identifies the row"
                : $"text with {facts.Distinct} different values in {facts.Present} rows says little about other rows");
        }

        return new(ColumnRole.Feature, ColumnType.Category, facts.Distinct == 1
            ? $"rows have the value {Shown(facts.Values[0])} or none" : $"it has {facts.Distinct} different texts");
    }

    // "id", "user_id", "userId", "Unnamed: 0", and what a column without a name is called.
    private static bool IsIdName(string name)
    {
        string lower = name.ToLowerInvariant();
        if (lower.StartsWith("unnamed", StringComparison.Ordinal) || (lower.StartsWith("column", StringComparison.Ordinal) && lower.Length > 6 && char.IsAsciiDigit(lower[6]))) return true;
        return s_idWords.Any(word => lower.EndsWith(word, StringComparison.Ordinal) && StartsWord(name, name.Length - word.Length));
    }

    private static bool StartsWord(string name, int start) =>
        start == 0 || !char.IsLetter(name[start - 1]) || (char.IsUpper(name[start]) && char.IsLower(name[start - 1]));

    private static string Describe(string date, DateOrder? order) => DateText.TryParse(date, out _) ? ""
        : order == DateOrder.MonthFirst ? ", the month first" : ", the day first";

    private static Judgement LeftOut(string reason) => new(ColumnRole.LeftOut, null, reason);

    private static string Shown(string value) => Printable.Quoted(value, most: 40);
}
