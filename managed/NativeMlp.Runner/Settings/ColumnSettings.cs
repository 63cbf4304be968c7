// SPDX-License-Identifier: MIT
using NativeMlp.Tables;
using NativeMlp.Tabular.Inference;

namespace NativeMlp.Runner.Settings;

/// <summary>The settings that specify the columns of a table, instead of detecting them.</summary>
internal static class ColumnSettings
{
    public static Setting Label { get; } = One("Label", "--label", "Column to predict.", (columns, name) => columns with { Labels = [name] });

    public static Setting Labels { get; } = Several("Labels", "--labels",
        "Several columns to predict: numbers, or with --multilabel yes or no for each.", (columns, names) => columns with { Labels = names });

    public static Setting Multilabel { get; } = Setting.Flag("Multilabel", "--multilabel", "Each label is yes or no.",
        s => s.Table.Columns = s.Table.Columns with { Multilabel = true });

    public static Setting Numeric { get; } = Several("Numeric", "--numeric", "Columns of numbers. A label among them is predicted as a number.", (columns, names) => columns with { Numeric = names });

    public static Setting Categorical { get; } = Several("Categorical", "--categorical",
        "Columns of categories, even if they look like numbers: 01234 keeps its zero. A label among them is predicted as a class.", (columns, names) => columns with { Categorical = names });

    public static Setting Boolean { get; } = Several("Boolean", "--boolean", "Columns with two values.", (columns, names) => columns with { Boolean = names });

    public static Setting Date { get; } = Several("Date", "--date", "Columns of dates. Numbers are seconds since 1970.", (columns, names) => columns with { Date = names });

    public static Setting DateOrder { get; } = Setting.Choice<DateOrder>("DateOrder", "--date-order",
        "Order of day and month in dates such as 03/04/2024. [default: detected from days above 12]", (s, value) => s.Table.Columns = s.Table.Columns with { DateOrder = value });

    public static Setting Ignore { get; } = Several("Ignore", "--ignore", "Columns to leave out.", (columns, names) => columns with { Ignore = names });

    public static Setting Id { get; } = Several("Id", "--id", "Columns that only identify the rows.", (columns, names) => columns with { Ids = names });

    public static Setting Weight { get; } = One("Weight", "--weight", "Column with the weights of the rows.", (columns, name) => columns with { Weight = name });

    public static IReadOnlyList<Setting> All { get; } = [Label, Labels, Multilabel, Numeric, Categorical, Boolean, Date, DateOrder, Ignore, Id, Weight];

    private static Setting One(string key, string option, string help, Func<InferenceOptions, string, InferenceOptions> apply) =>
        new(key, option, "COLUMN", "the name of a column", help,
            (s, text) => text.Length > 0 && Setting.Set(() => s.Table.Columns = apply(s.Table.Columns, text)));

    private static Setting Several(string key, string option, string help, Func<InferenceOptions, string[], InferenceOptions> apply) =>
        Setting.Names(key, option, "A,B", "names of columns such as age,city", help, (s, names) => s.Table.Columns = apply(s.Table.Columns, names));
}
