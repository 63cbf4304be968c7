// SPDX-License-Identifier: MIT
using NativeMlp.Metrics;
using NativeMlp.Tables;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>What a finished model answered for each of the test rows, and what is true: all that a report needs of the test,
/// without the data.</summary>
internal sealed record TestRecord
{
    public required TableTask Task { get; init; }

    /// <summary>The classes, labels or targets that the model answers for.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Above it, the second of two classes or a label is answered.</summary>
    public double Threshold { get; init; } = 0.5;

    /// <summary><c>[rows × names]</c>: probabilities, or the values of the targets.</summary>
    public required double[] Scores { get; init; }

    /// <summary>The true class of each row, where rows have one.</summary>
    public int[] Classes { get; init; } = [];

    /// <summary>The class that was answered; <see cref="Mlp.NoClass"/> where a score is not finite.</summary>
    public int[] Answers { get; init; } = [];

    /// <summary><c>[rows × names]</c>: the true values, or 0 and 1 of each label, where rows have no class.</summary>
    public double[] Targets { get; init; } = [];

    /// <summary>Empty where each row counts the same.</summary>
    public double[] Weights { get; init; } = [];

    /// <summary>Two records with the same one are about the same rows in the same order.</summary>
    public required string RowsSha256 { get; init; }

    /// <summary>The rows that the model is worst at, the worst first.</summary>
    public IReadOnlyList<Mistake> Mistakes { get; init; } = [];

    /// <summary>The columns of the cells of <see cref="Mistakes"/>.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    public IReadOnlyList<ColumnImportance> Importance { get; init; } = [];

    /// <summary>What the model answers over the plane, where it has two inputs.</summary>
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

    /// <summary>Whether a row is of a class, or has a label.</summary>
    public bool Holds(int row, int name) => HasClasses ? Classes[row] == name : Targets[(row * Width) + name] != 0;
}

/// <summary>A row that a model is bad at.</summary>
/// <param name="Row">Its number among the test rows, from 0.</param>
/// <param name="Truth">What is true.</param>
/// <param name="Answer">What the model answers.</param>
/// <param name="Score">The probability that it gives its answer, or its error.</param>
/// <param name="Cells">The values of the columns; empty for a picture.</param>
/// <param name="Pixels">Of a picture: its bytes, with the colours of a pixel side by side; otherwise empty.</param>
internal sealed record Mistake(int Row, string Truth, string Answer, double Score, IReadOnlyList<string> Cells, byte[] Pixels);

/// <summary>What a model of two inputs answers over the plane, and where test rows lie.</summary>
/// <param name="Inputs">The names of the two inputs.</param>
/// <param name="Bounds">Least and greatest value of the first input, then of the second.</param>
/// <param name="Columns">Points across.</param>
/// <param name="Answers">The class at each point, row by row from the top (the greatest values of the second input).</param>
/// <param name="Points">Test rows, their two inputs side by side.</param>
/// <param name="Classes">The true class of each of them.</param>
internal sealed record Region(
    IReadOnlyList<string> Inputs, double[] Bounds, int Columns, int[] Answers, double[] Points, int[] Classes);
