// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Onnx.Export;
using NativeMlp.Tables;
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Onnx.Sources;

/// <summary>Writes the encoding of a table as C: a structure for a row, and a function that makes inputs of it.</summary>
internal sealed class CTable(CWriter writer, TableEncoding encoding)
{
    private readonly string[] _fields = CText.Names(encoding.Schema.Features.Select(feature => feature.Name));
    private readonly string _prefix = writer.Prefix;

    /// <summary>Adds <c>typedef struct {…} PREFIX_row</c> and <c>void PREFIX_encode(const PREFIX_row *row, float *x)</c>.</summary>
    public void Add()
    {
        writer.Need("number", "category", "text");
        if (encoding.Features.Any(feature => feature is DateEncoding)) writer.Need("date");
        AddRow();
        MissingValues missing = new(encoding.Schema);
        string numbers = writer.Doubles("missing_numbers", missing.Numbers), texts = writer.Texts("missing_texts", encoding.Schema.MissingMarks);
        string[][] steps = [.. encoding.Features.Select((feature, i) => Steps(feature, i, missing.Numbers.Count, numbers, texts))];
        writer.Line();
        writer.Line($"static inline void {_prefix}_encode(const {_prefix}_row *row, float *x)");
        writer.Line("{");
        foreach (string step in steps.SelectMany(step => step)) writer.Line("    " + step);
        writer.Line("    (void)x;");
        writer.Line("}");
    }

    private void AddRow()
    {
        writer.Line("/* A row. A number that is missing is NAN, a text that is missing NULL; texts are UTF-8. */");
        writer.Line("typedef struct {");
        for (int i = 0; i < _fields.Length; i++)
        {
            string type = encoding.Features[i] is CategoryEncoding { Numbers: false } ? "const char *" : "double ";
            string note = encoding.Features[i] is DateEncoding ? ", in seconds since the beginning of 1970" : "";
            writer.Line($"    {type}{_fields[i]}; /* {CText.Comment(encoding.Schema.Features[i].Name)}{note} */");
        }

        writer.Line($"}} {_prefix}_row;");
        writer.Line();
    }

    private string[] Steps(FeatureEncoding feature, int index, int marks, string numbers, string texts)
    {
        string cell = Text($"{_prefix}_cell(row->{_fields[index]}, {numbers}, {marks})");
        switch (feature)
        {
            case NumberEncoding number:
                return [$"x = {_prefix}_encode_number(&{Number(number, Text($"number_{index}"))}, {cell}, x);"];
            case DateEncoding date:
                string[] parts = [.. date.Parts.Select((part, i) => Number(part, Text($"date_{index}_{i}")))];
                return
                [
                    "{", "    double part[5];",
                    $"    {_prefix}_date({cell}, {CText.Number(date.Earliest)}, part);",
                    .. parts.Select((part, i) => Text($"    x = {_prefix}_encode_number(&{part}, part[{i}], x);")), "}",
                ];
            default:
                return Category((CategoryEncoding)feature, index, cell, texts);
        }
    }

    private string Number(NumberEncoding number, string name)
    {
        string knots = writer.Doubles(name + "_knots", number.Knots), atoms = writer.Doubles(name + "_atoms", number.Atoms);
        string full = $"{_prefix}_{name}";
        writer.Line(Text($"static const {_prefix}_number {full} = {{{CText.Number(number.Median)}, {CText.Number(number.Center)}, {CText.Number(number.Spread)}, {(number.Clipped ? 1 : 0)}, {(number.Indicator ? 1 : 0)}, {number.Knots.Length}, {number.Atoms.Length}, {knots}, {atoms}}};"));
        return full;
    }

    private string[] Category(CategoryEncoding category, int index, string cell, string texts)
    {
        if (category.Inputs == 0) return [];
        string name = Text($"category_{index}"), field = $"row->{_fields[index]}";
        List<string> steps = ["{"];
        if (category.Numbers)
        {
            steps.Add($"    const double value = {cell};");
            steps.Add(Text($"    int place = value != value ? {category.MissingSlot} : {category.OtherSlot};"));
            string values = writer.Doubles(name, CategoryGraph.ValuesOf(category));
            steps.Add(Text($"    for (int i = 0; i < {category.Categories.Length}; i++)"));
            steps.Add($"        if (value == {values}[i]) place = i;");
        }
        else
        {
            steps.AddRange(TextPlace(category, name, field, texts));
        }

        steps.Add(Text($"    x = {_prefix}_encode_category(place, {category.Slots}, {(category.IsSigned ? 1 : 0)}, x);"));
        steps.Add("}");
        return [.. steps];
    }

    private IEnumerable<string> TextPlace(CategoryEncoding category, string name, string field, string texts)
    {
        int count = category.Categories.Length;
        string names = writer.Texts(name, category.Categories);
        yield return Text($"    int place = {category.MissingSlot};");
        yield return Text($"    if (!{_prefix}_missing({field}, {texts}, {encoding.Schema.MissingMarks.Count})) {{");
        yield return Text($"        place = {_prefix}_find({field}, {names}, {count}, 0);");
        if (count + category.Rare.Length == 2)
        {
            string rare = writer.Texts(name + "_rare", category.Rare);
            string known = category.Rare.Length == 0 ? "place < 0" : Text($"place < 0 && {_prefix}_find({field}, {rare}, {category.Rare.Length}, 0) < 0");
            foreach ((string[] words, bool meaning, string list) in (IEnumerable<(string[], bool, string)>)[(Cell.YesWords, true, "yes"), (Cell.NoWords, false, "no")])
            {
                if (category.Read(meaning) is not (>= 0 and var place) || place >= count) continue;
                yield return Text($"        if ({known} && {_prefix}_find({field}, {writer.Texts($"{name}_{list}", words)}, {words.Length}, 1) >= 0) place = {(int)place};");
            }
        }

        yield return Text($"        if (place < 0) place = {category.OtherSlot};");
        yield return "    }";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
