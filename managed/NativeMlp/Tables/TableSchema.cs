// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables;

/// <summary>How a model reads a column of a table.</summary>
public enum ColumnType
{
    /// <summary>Numbers, whose order and distance mean something.</summary>
    Number,

    /// <summary>Two values.</summary>
    Boolean,

    /// <summary>One of several names, or of several numbers that only name something.</summary>
    Category,

    /// <summary>Dates, with or without a time of day. In a <see cref="NumberColumn"/> they are seconds since the beginning of
    /// 1970, as <see cref="DateText"/> reads them.</summary>
    Date,
}

/// <summary>What a table model answers.</summary>
public enum TableTask
{
    /// <summary>One of two classes.</summary>
    Binary,

    /// <summary>One of several classes.</summary>
    Multiclass,

    /// <summary>Any number of the labels, each of which holds or does not.</summary>
    Multilabel,

    /// <summary>One number for each label column.</summary>
    Regression,
}

/// <summary>A column that a model reads.</summary>
/// <param name="Name">The name of the column.</param>
/// <param name="Type">How it is read.</param>
public sealed record FeatureColumn(string Name, ColumnType Type);

/// <summary>What the columns of a table are to a model.</summary>
public sealed record TableSchema
{
    /// <summary>The columns that the model reads, in the order of its inputs.</summary>
    public required IReadOnlyList<FeatureColumn> Features { get; init; }

    /// <summary>The columns that the model answers for: one, or several for <see cref="TableTask.Multilabel"/> and <see cref="TableTask.Regression"/>.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>What the model answers.</summary>
    public required TableTask Task { get; init; }

    /// <summary>The column of row weights, if there is one.</summary>
    public string? Weight { get; init; }

    /// <summary>The order of day and month in dates such as <c>03/04/2024</c>; null if such texts are not dates.</summary>
    public DateOrder? DateOrder { get; init; }

    /// <summary>Texts that stand for a missing value, such as <c>?</c> and <c>NA</c>, wherever a row is given as text. They
    /// are part of the model, so that it understands a new row as it understood the rows that it was trained on.</summary>
    public IReadOnlyList<string> MissingMarks { get; init; } = [];

    /// <summary>The decimal separator in a file of rows; null where each file shows it.</summary>
    public char? DecimalSeparator { get; init; }

    /// <summary>The character between groups of three digits in a file of rows; null if there is none.</summary>
    public char? ThousandsSeparator { get; init; }

    /// <summary>Whether currency and percent signs around the numbers of a file of rows are left out.</summary>
    public bool AllowUnits { get; init; }
}
