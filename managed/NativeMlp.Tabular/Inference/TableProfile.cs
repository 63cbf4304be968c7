// SPDX-License-Identifier: MIT
using NativeMlp.Tables;
using NativeMlp.Tabular.Reading;

namespace NativeMlp.Tabular.Inference;

/// <summary>The role of a column.</summary>
public enum ColumnRole
{
    /// <summary>The column is a feature of the model.</summary>
    Feature,

    /// <summary>The column is predicted by the model.</summary>
    Label,

    /// <summary>The column contains the weights of the rows.</summary>
    Weight,

    /// <summary>The column contains the groups of the rows.</summary>
    Group,

    /// <summary>The column only identifies the rows.</summary>
    Id,

    /// <summary>The column is not used.</summary>
    LeftOut,

    /// <summary>The column is ambiguous: an option must specify its interpretation.</summary>
    Undecided,
}

/// <summary>The profile of a column.</summary>
/// <param name="Name">The name of the column.</param>
/// <param name="Role">The role of the column.</param>
/// <param name="Type">The type of its values; null for text that is not used.</param>
/// <param name="Missing">The number of rows without a value.</param>
/// <param name="Distinct">The number of different values; for numbers, at most 10,000 are counted.</param>
/// <param name="Minimum">The smallest number; null for text, and if there is none.</param>
/// <param name="Maximum">The greatest number; null for text, and if there is none.</param>
/// <param name="Values">Some values; for text, the most frequent ones.</param>
/// <param name="Reason">The reason for the role and the type, in a sentence.</param>
/// <param name="Warning">A message about what is suspicious about the column; null if nothing is.</param>
public sealed record ColumnProfile(
    string Name, ColumnRole Role, ColumnType? Type, int Missing, int Distinct, double? Minimum, double? Maximum,
    IReadOnlyList<string> Values, string Reason, string? Warning = null);

/// <summary>The profile of a table: its columns, and the task.</summary>
public sealed record TableProfile
{
    /// <summary>The number of rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The columns, in their order in the table.</summary>
    public required IReadOnlyList<ColumnProfile> Columns { get; init; }

    /// <summary>The task of a model; null if no label was named.</summary>
    public TableTask? Task { get; init; }

    /// <summary>The rule that determined <see cref="Task"/>, in a sentence; empty if no label was named.</summary>
    public string TaskReason { get; init; } = "";

    /// <summary>The order of day and month in dates such as <c>03/04/2024</c>; null if there are none.</summary>
    public DateOrder? DateOrder { get; init; }

    /// <summary>Notes about the table, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Determines the profile of a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="options">Properties of columns that are not detected; null for none.</param>
    /// <exception cref="ArgumentException">A column in the options does not exist or is given twice, or a
    /// label cannot be predicted.</exception>
    public static TableProfile Of(Table table, InferenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        return new ProfileBuilder(table, options ?? new InferenceOptions()).Build();
    }

    /// <summary>Determines the profile of a file.</summary>
    /// <param name="file">The file, which has been read.</param>
    /// <param name="options">Properties of columns that are not detected; null for none.</param>
    /// <exception cref="ArgumentException">As for a table.</exception>
    public static TableProfile Of(TableFile file, InferenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new ProfileBuilder(file.Table, options ?? new InferenceOptions(), file.NotNumbers).Build();
    }

    /// <summary>Returns the schema of a model.</summary>
    /// <param name="missingMarks">The texts that mean a missing value.</param>
    /// <exception cref="InvalidOperationException">No label was named, a column is <see cref="ColumnRole.Undecided"/>, or no column
    /// is left to predict the label from.</exception>
    public TableSchema ToSchema(IReadOnlyList<string>? missingMarks = null)
    {
        if (Columns.FirstOrDefault(column => column.Role == ColumnRole.Undecided) is { } undecided)
            throw new InvalidOperationException($"Column {Printable.Quoted(undecided.Name, 60)}: {undecided.Reason}, or leave the column out with --ignore.");
        FeatureColumn[] features = [.. Columns.Where(column => column.Role == ColumnRole.Feature).Select(column => new FeatureColumn(column.Name, column.Type!.Value))];
        if (features.Length == 0)
            throw new InvalidOperationException("There are no features to predict the label from, because all columns are left out. The table of columns shows the reasons; specify the columns to use with --numeric, --categorical, --boolean or --date.");
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
