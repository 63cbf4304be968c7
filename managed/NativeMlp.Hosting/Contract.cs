// SPDX-License-Identifier: MIT
using NativeMlp.Tables;
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Hosting;

/// <summary>What callers rely on while a model is replaced: what they give it, and what they get.</summary>
internal static class Contract
{
    /// <summary>In what a new version differs, as a sentence; null if callers need not know that it is new.</summary>
    public static string? Difference(ModelVersion old, ModelVersion next) => (old, next) switch
    {
        ({ Table: { } was }, { Table: { } now }) => Difference(was, now),
        ({ Network: { } was }, { Network: { } now }) => Difference(was, now),
        ({ Table: not null }, _) => Sentence("it is a network without columns, but the old model is one of a table"),
        _ => Sentence("it is a model of a table, but the old model is a network without columns"),
    };

    private static string? Difference(TableModel was, TableModel now)
    {
        if (was.Labels.Task != now.Labels.Task) return Sentence($"its task is {now.Labels.Task}, but the old model's is {was.Labels.Task}");
        return Difference("labels", was.Labels.Names, now.Labels.Names) ?? Difference("columns", Names(was), Names(now)) ?? DifferentKind(was, now);
    }

    private static string? Difference(Mlp was, Mlp now)
    {
        if (was.Inputs != now.Inputs) return Sentence($"it has {now.Inputs} inputs, but the old model has {was.Inputs}");
        if (was.Outputs != now.Outputs) return Sentence($"it has {now.Outputs} outputs, but the old model has {was.Outputs}");
        if (was.Classes != now.Classes) return Sentence($"it has {now.Classes} classes, but the old model has {was.Classes}");
        return was.Options.Loss == now.Options.Loss ? null : Sentence($"its loss is {now.Options.Loss}, but the old model's is {was.Options.Loss}");
    }

    // The columns have the same names.
    private static string? DifferentKind(TableModel was, TableModel now)
    {
        for (int i = 0; i < now.Encoding.Features.Count; i++)
        {
            string old = KindOf(was.Encoding.Features[i]), kind = KindOf(now.Encoding.Features[i]);
            if (old != kind) return Sentence($"its column {Printable.Quoted(now.Schema.Features[i].Name)} is {kind}, but the old model's is {old}");
        }

        return null;
    }

    private static string KindOf(FeatureEncoding encoding) => encoding switch
    {
        DateEncoding => "a date",
        CategoryEncoding { Numbers: false } => "a text category",
        _ => "a number",
    };

    private static string? Difference(string what, IReadOnlyList<string> was, IReadOnlyList<string> now) =>
        was.SequenceEqual(now) ? null : Sentence($"its {what} are {ColumnNames.List(now)}, but the old model's are {ColumnNames.List(was)}");

    private static IReadOnlyList<string> Names(TableModel model) => [.. model.Schema.Features.Select(feature => feature.Name)];

    private static string Sentence(string difference) =>
        $"The new model is not a drop-in replacement: {difference}. Restart the program to serve it.";
}
