// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Inference;

/// <summary>Specifies properties of the columns of a table, instead of detecting them.</summary>
public sealed record InferenceOptions
{
    /// <summary>The columns to be predicted: one, or several for a regression with several outputs or for
    /// <see cref="Multilabel"/>. Empty if the table is only inspected.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whether each of several label columns is yes or no; otherwise they are numbers.</summary>
    public bool Multilabel { get; init; }

    /// <summary>The column of row weights; null if there is none.</summary>
    public string? Weight { get; init; }

    /// <summary>The column that specifies the group of a row; null if there is none.</summary>
    public string? Group { get; init; }

    /// <summary>Columns that only identify the rows.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Columns to leave out.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Columns of numbers. A label among them is predicted as a number.</summary>
    public IReadOnlyList<string> Numeric { get; init; } = [];

    /// <summary>Columns of categories, even if they look like numbers. A label among them is predicted as a class.</summary>
    public IReadOnlyList<string> Categorical { get; init; } = [];

    /// <summary>Columns with two values.</summary>
    public IReadOnlyList<string> Boolean { get; init; } = [];

    /// <summary>Columns of dates. Numbers are seconds since the beginning of 1970.</summary>
    public IReadOnlyList<string> Date { get; init; } = [];

    /// <summary>The order of day and month in dates such as <c>03/04/2024</c>; null to detect it from dates whose day is above 12.</summary>
    public DateOrder? DateOrder { get; init; }
}
