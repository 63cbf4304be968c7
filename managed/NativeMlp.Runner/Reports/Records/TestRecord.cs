// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>The predictions of a finished model for the test rows, and the true values. A report needs no other data about the
/// test.</summary>
internal sealed record TestRecord
{
    public required TableTask Task { get; init; }

    /// <summary>The classes, labels or targets of the model.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>The threshold above which the second of two classes, or a label, is predicted.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary><c>[rows × names]</c>: probabilities, or the predicted values of the targets.</summary>
    public required double[] Scores { get; init; }

    /// <summary>The true class of each row, if rows have a class.</summary>
    public int[] Classes { get; init; } = [];

    /// <summary>The predicted class of each row; <see cref="Mlp.NoClass"/> if a score is not finite.</summary>
    public int[] Answers { get; init; } = [];

    /// <summary><c>[rows × names]</c>: the true values, or 0 or 1 for each label, if rows have no class.</summary>
    public double[] Targets { get; init; } = [];

    /// <summary>The weights of the rows; empty if all rows have the same weight.</summary>
    public double[] Weights { get; init; } = [];

    /// <summary>A hash of the rows. Two records with the same hash are about the same rows in the same order.</summary>
    public required string RowsSha256 { get; init; }

    /// <summary>The rows with the worst predictions, worst first.</summary>
    public IReadOnlyList<Mistake> Mistakes { get; init; } = [];

    /// <summary>The columns of the cells of <see cref="Mistakes"/>.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    public IReadOnlyList<ColumnImportance> Importance { get; init; } = [];

    /// <summary>The predictions over the plane, if the model has two inputs.</summary>
    public Region? Region { get; init; }

    public bool HasClasses => Classes.Length > 0;

    public int Width => Names.Count;

    public int Rows => Scores.Length / Width;

    /// <summary>The scores of a row.</summary>
    public ReadOnlySpan<double> this[int row] => Scores.AsSpan(row * Width, Width);

    /// <summary>The figures, as evaluate computes them.</summary>
    public TableEvaluation Evaluate()
    {
        TableEvaluation evaluation = new() { Rows = Rows };
        return Task switch
        {
            TableTask.Regression => evaluation with { Targets = [.. Enumerable.Range(0, Width).Select(name => RegressionMetrics.Compute(Column(Scores, name), Column(Targets, name), Weights))] },
            TableTask.Multilabel => evaluation with { Multilabel = MultilabelMetrics.Compute(Scores, Width, Array.ConvertAll(Targets, value => value != 0), Weights, Array.ConvertAll(Scores, score => score > Threshold)) },
            _ => evaluation with { Classification = ClassificationMetrics.Multiclass(Scores, Width, Classes, Weights, Answers) },
        };
    }

    /// <summary>One column of <c>[rows × names]</c>.</summary>
    public double[] Column(double[] values, int name) => [.. Enumerable.Range(0, Rows).Select(row => values[(row * Width) + name])];

    /// <summary>Whether a row belongs to a class, or has a label.</summary>
    public bool Holds(int row, int name) => HasClasses ? Classes[row] == name : Targets[(row * Width) + name] != 0;
}

/// <summary>A row with a bad prediction.</summary>
/// <param name="Row">The index of the row among the test rows.</param>
/// <param name="Truth">The true class, labels or values.</param>
/// <param name="Answer">The prediction.</param>
/// <param name="Score">The probability of the predicted class, or the error.</param>
/// <param name="Cells">The values of the columns; empty for an image.</param>
/// <param name="Pixels">The bytes of an image, with the colours of a pixel next to each other; empty for other rows.</param>
internal sealed record Mistake(int Row, string Truth, string Answer, double Score, IReadOnlyList<string> Cells, byte[] Pixels);

/// <summary>The predictions of a model with two inputs over the plane, and the positions of test rows.</summary>
/// <param name="Inputs">The names of the two inputs.</param>
/// <param name="Bounds">Minimum and maximum of the first input, then of the second.</param>
/// <param name="Columns">The number of points in a row.</param>
/// <param name="Answers">The class at each point, row by row from the top (the largest values of the second input).</param>
/// <param name="Points">The two inputs of each test row, one after another.</param>
/// <param name="Classes">The true class of each test row.</param>
internal sealed record Region(
    IReadOnlyList<string> Inputs, double[] Bounds, int Columns, int[] Answers, double[] Points, int[] Classes);
