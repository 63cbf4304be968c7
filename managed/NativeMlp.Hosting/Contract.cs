// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Hosting;

/// <summary>What callers rely on while a model is replaced: what they give it, and what they get.</summary>
internal static class Contract
{
    /// <summary>In what a new version differs, as a sentence; null if callers need not know that it is new.</summary>
    public static string? Difference(ModelVersion old, ModelVersion next) => (old, next) switch
    {
        ({ Table: { } was }, { Table: { } now }) => Difference(was, now),
        ({ Network: { } was }, { Network: { } now }) => Difference(was, now),
        ({ Table: not null }, _) => Sentence("it is a network without columns, and the old model is one of a table"),
        _ => Sentence("it is a model of a table, and the old one is a network without columns"),
    };

    private static string? Difference(TableModel was, TableModel now)
    {
        if (was.Labels.Task != now.Labels.Task) return Sentence($"its task is {now.Labels.Task}, and that of the old model {was.Labels.Task}");
        return Difference("labels", was.Labels.Names, now.Labels.Names) ?? Difference("columns", Names(was), Names(now));
    }

    private static string? Difference(Mlp was, Mlp now)
    {
        if (was.Inputs != now.Inputs) return Sentence($"it has {now.Inputs} inputs, and the old model {was.Inputs}");
        if (was.Outputs != now.Outputs) return Sentence($"it has {now.Outputs} outputs, and the old model {was.Outputs}");
        return was.Classes == now.Classes ? null : Sentence($"it tells {now.Classes} classes apart, and the old model {was.Classes}");
    }

    private static string? Difference(string what, IReadOnlyList<string> was, IReadOnlyList<string> now) =>
        was.SequenceEqual(now) ? null : Sentence($"its {what} are {ColumnNames.List(now)}, and those of the old model {ColumnNames.List(was)}");

    private static IReadOnlyList<string> Names(TableModel model) => [.. model.Schema.Features.Select(feature => feature.Name)];

    private static string Sentence(string difference) =>
        $"It does not answer the same question: {difference}; start the program again to serve it.";
}
