// SPDX-License-Identifier: MIT
using NativeMlp.Tables;
using NativeMlp.Tabular.Reading;

namespace NativeMlp.Tabular.Inference;

/// <summary>What a column is for.</summary>
public enum ColumnRole
{
    /// <summary>The model reads it.</summary>
    Feature,

    /// <summary>The model answers for it.</summary>
    Label,

    /// <summary>It weighs the rows.</summary>
    Weight,

    /// <summary>It says which rows belong together.</summary>
    Group,

    /// <summary>It names the rows.</summary>
    Id,

    /// <summary>It is not used.</summary>
    LeftOut,

    /// <summary>It can be understood in more than one way: an option must say in which.</summary>
    Undecided,
}

/// <summary>What was found out about a column.</summary>
/// <param name="Name">The name of the column.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Type">How its values are understood; null for text that is not used.</param>
/// <param name="Missing">The rows without a value.</param>
/// <param name="Distinct">The number of different values; among numbers, no more than 10,000 are counted.</param>
/// <param name="Minimum">The smallest number; null for text, and where there is none.</param>
/// <param name="Maximum">The greatest number; null for text, and where there is none.</param>
/// <param name="Values">Some values: of text the most frequent.</param>
/// <param name="Reason">Why it is so, in a sentence.</param>
/// <param name="Warning">A message about what is suspicious about it, in a sentence; null if nothing is.</param>
public sealed record ColumnProfile(
    string Name, ColumnRole Role, ColumnType? Type, int Missing, int Distinct, double? Minimum, double? Maximum,
    IReadOnlyList<string> Values, string Reason, string? Warning = null);

/// <summary>What was found out about a table: a row for each column, and the task.</summary>
public sealed record TableProfile
{
    /// <summary>The number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The columns, in their order in the table.</summary>
    public required IReadOnlyList<ColumnProfile> Columns { get; init; }

    /// <summary>What a model is to answer; null if no label was named.</summary>
    public TableTask? Task { get; init; }

    /// <summary>The rule by which <see cref="Task"/> was found, in a sentence; empty if no label was named.</summary>
    public string TaskReason { get; init; } = "";

    /// <summary>How dates such as <c>03/04/2024</c> are read; null where there are none.</summary>
    public DateOrder? DateOrder { get; init; }

    /// <summary>What the user should know about the table, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Finds out what the columns of a table are.</summary>
    /// <param name="table">The table.</param>
    /// <param name="options">What need not be found out; null for nothing.</param>
    /// <exception cref="ArgumentException">A column that the options name is not there, or is said to be two things, or a
    /// label cannot be predicted.</exception>
    public static TableProfile Of(Table table, InferenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new ProfileBuilder(table, options ?? new InferenceOptions()).Build();
    }

    /// <summary>Finds out what the columns of a file are.</summary>
    /// <param name="file">The file, which has been read.</param>
    /// <param name="options">What need not be found out; null for nothing.</param>
    /// <exception cref="ArgumentException">As for a table.</exception>
    public static TableProfile Of(TableFile file, InferenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new ProfileBuilder(file.Table, options ?? new InferenceOptions(), file.NotNumbers).Build();
    }

    /// <summary>The columns as a model reads them.</summary>
    /// <param name="missingMarks">The texts that stand for a missing value.</param>
    /// <exception cref="InvalidOperationException">No label was named, a column is <see cref="ColumnRole.Undecided"/>, or no column
    /// is left to predict the label from.</exception>
    public TableSchema ToSchema(IReadOnlyList<string>? missingMarks = null)
    {
        if (Columns.FirstOrDefault(column => column.Role == ColumnRole.Undecided) is { } undecided)
            throw new InvalidOperationException($"Of column {Printable.Quoted(undecided.Name, 60)} {undecided.Reason}, or leave the column out with --ignore.");
        FeatureColumn[] features = [.. Columns.Where(column => column.Role == ColumnRole.Feature).Select(column => new FeatureColumn(column.Name, column.Type!.Value))];
        if (features.Length == 0)
            throw new InvalidOperationException("No column is left to predict the label from: each is left out, for the reason that the table of columns gives; say what to use with --numeric, --categorical, --boolean or --date.");
        return new TableSchema
        {
            Features = features,
            Labels = [.. Names(ColumnRole.Label)],
            Task = Task ?? throw new InvalidOperationException("No label was named."),
            Weight = Names(ColumnRole.Weight).FirstOrDefault(),
            DateOrder = DateOrder,
            MissingMarks = missingMarks ?? [],
        };
    }

    private IEnumerable<string> Names(ColumnRole role) => Columns.Where(column => column.Role == role).Select(column => column.Name);
}
