// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Inference;

/// <summary>What is said about the columns of a table, so that it need not be found out.</summary>
public sealed record InferenceOptions
{
    /// <summary>The columns to be predicted: one, or several for a regression with several outputs or for
    /// <see cref="Multilabel"/>. Empty if the table is only looked at.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Whether each of several label columns says if something holds for the row; otherwise they are numbers.</summary>
    public bool Multilabel { get; init; }

    /// <summary>The column of row weights; null if there is none.</summary>
    public string? Weight { get; init; }

    /// <summary>The column that says which rows belong together; null if there is none.</summary>
    public string? Group { get; init; }

    /// <summary>Columns that only name the rows.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Columns to leave out.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Columns of numbers. A label among them is a quantity.</summary>
    public IReadOnlyList<string> Numeric { get; init; } = [];

    /// <summary>Columns of names, also where they look like numbers. A label among them is a class.</summary>
    public IReadOnlyList<string> Categorical { get; init; } = [];

    /// <summary>Columns of two values.</summary>
    public IReadOnlyList<string> Boolean { get; init; } = [];

    /// <summary>Columns of dates; numbers are seconds since the beginning of 1970.</summary>
    public IReadOnlyList<string> Date { get; init; } = [];

    /// <summary>How dates such as <c>03/04/2024</c> are read; null to find out from dates whose day is above 12.</summary>
    public DateOrder? DateOrder { get; init; }
}
