// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Inference;

/// <summary>A decision about a column, with its reason.</summary>
internal readonly record struct Judgement(ColumnRole Role, ColumnType? Type, string Reason);

/// <summary>The rules that determine the type of a column without an option, or leave it out.</summary>
internal static class ColumnRules
{
    // Fewer rows are not sufficient for a conclusion.
    private const int FewRows = 10;

    // If there are more different texts than this fraction of the rows, they identify rows rather than groups of rows.
    private const double MostDistinctTexts = 0.5;

    private static readonly string[] s_idWords = ["id", "uuid", "guid", "index", "idx", "key", "rowid", "rownum", "rownumber"];

    /// <summary>Determines the type of a column. Dates are read in the given order, if there is one.</summary>
    public static Judgement Judge(ColumnFacts facts, DateOrder? order)
    {
        if (facts.Present == 0) return LeftOut("it has no value");
        if (facts is { Distinct: 1, Missing: 0 }) return LeftOut($"every row has the value {Shown(facts.Values[0])}");
        return facts.Column is NumberColumn ? JudgeNumbers(facts) : JudgeText(facts, order);
    }

    /// <summary>The decision for a column whose dates may begin with the day or with the month.</summary>
    public static Judgement Undecided(ColumnFacts facts) => new(ColumnRole.Undecided, null,
        $"dates such as {Shown(facts.Values[0])} are ambiguous: choose --date-order day-first or --date-order month-first");

    /// <summary>The decision for a column whose type an option specifies.</summary>
    public static Judgement Override(ColumnType type) => new(ColumnRole.Feature, type, $"an option says that it is a {Name(type)}");

    /// <summary>Returns the name of a type.</summary>
    public static string Name(ColumnType type) => type switch
    {
        ColumnType.Number => "number",
        ColumnType.Boolean => "boolean",
        ColumnType.Category => "category",
        _ => "date",
    };

    private static Judgement JudgeNumbers(ColumnFacts facts)
    {
        if (facts.IsInteger && facts.CountsUp && facts.Present >= FewRows) return LeftOut($"it only numbers the rows, from {ColumnFacts.Text(facts.Minimum)}");
        if (facts.IsInteger && facts.Present >= FewRows && IsIdName(facts.Column.Name) && facts.AllDistinct())
            return LeftOut("each row has a different whole number, and the name suggests an identifier");
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
                ? "nearly every row has a different text, and the name suggests an identifier"
                : $"text with {facts.Distinct} different values in {facts.Present} rows contains little information about other rows");
        }

        return new(ColumnRole.Feature, ColumnType.Category, facts.Distinct == 1
            ? $"rows have either the value {Shown(facts.Values[0])} or no value" : $"it has {facts.Distinct} different texts");
    }

    // "id", "user_id", "userId", "Unnamed: 0", and the generated name of a column without a name.
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
