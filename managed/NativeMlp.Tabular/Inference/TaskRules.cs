// SPDX-License-Identifier: MIT
using NativeMlp.Tables;

namespace NativeMlp.Tabular.Inference;

/// <summary>The rules that determine the task of a model from the label.</summary>
internal static class TaskRules
{
    // Whole numbers are classes if they are few and small: years and prices are not.
    private const int MostNumberClasses = 20;
    private const double GreatestClass = 1000;

    private const int FewestRowsOfAClass = 3;

    /// <summary>Returns the task, and the rule in a sentence.</summary>
    /// <exception cref="ArgumentException">The label cannot be predicted.</exception>
    public static (TableTask Task, string Reason) Find(IReadOnlyList<ColumnFacts> labels, InferenceOptions options)
    {
        foreach (ColumnFacts label in labels)
        {
            if (label.Distinct < 2)
                throw new ArgumentException($"The label {Name(label)} has {(label.Distinct == 0 ? "no value" : $"only the value {Printable.Quoted(label.Values[0], 40)}")}, so there is nothing to predict. Check the column, or choose another one with --label.");
        }

        if (options.Multilabel) return (TableTask.Multilabel, $"several labels: each of the {labels.Count} columns is yes or no");
        if (labels.Count > 1) return Several(labels);
        if (options.Numeric.Contains(labels[0].Column.Name)) return Quantity(labels[0], "an option says that it is a number");
        if (options.Categorical.Contains(labels[0].Column.Name) || options.Boolean.Contains(labels[0].Column.Name)) return Classes(labels[0], "an option says that it contains classes");
        return labels[0].Column is NumberColumn ? OfNumbers(labels[0]) : OfText(labels[0]);
    }

    private static (TableTask Task, string Reason) Several(IReadOnlyList<ColumnFacts> labels)
    {
        foreach (ColumnFacts label in labels)
        {
            if (label.Column is not NumberColumn)
                throw new ArgumentException($"The label {Name(label)} is not a number. Several labels must be numbers (a regression with several outputs), or yes or no for each with --multilabel.");
        }

        return (TableTask.Regression, $"regression with {labels.Count} outputs: the labels are numbers");
    }

    private static (TableTask Task, string Reason) OfNumbers(ColumnFacts label)
    {
        if (!label.IsInteger) return Quantity(label, "it contains numbers with decimals");
        if (label.Distinct == 2) return Classes(label, "two different whole numbers are classes");
        if (label.Distinct > MostNumberClasses) return Quantity(label, $"more than {MostNumberClasses} different whole numbers are not classes");
        if (Math.Max(Math.Abs(label.Minimum), Math.Abs(label.Maximum)) > GreatestClass) return Quantity(label, $"whole numbers beyond {GreatestClass} are not classes");
        if (label.Present < FewestRowsOfAClass * label.Distinct) return Quantity(label, $"there are fewer than {FewestRowsOfAClass} rows for each of its whole numbers");
        return Classes(label, $"at most {MostNumberClasses} different whole numbers, none beyond {GreatestClass}, are classes");
    }

    private static (TableTask Task, string Reason) OfText(ColumnFacts label) => 2 * label.Distinct <= label.Present || label.Distinct == 2
        ? Classes(label, "texts are classes")
        : throw new ArgumentException($"The label {Name(label)} has {label.Distinct} different texts in {label.Present} rows, so it identifies rows rather than classes. Choose another column with --label.");

    private static (TableTask Task, string Reason) Classes(ColumnFacts label, string rule) => label.Distinct == 2
        ? (TableTask.Binary, $"two classes, because {Name(label)} has 2 different values: {rule}")
        : (TableTask.Multiclass, $"{label.Distinct} classes, because {Name(label)} has {label.Distinct} different values: {rule}");

    private static (TableTask Task, string Reason) Quantity(ColumnFacts label, string rule) => label.Column is NumberColumn
        ? (TableTask.Regression, $"regression, because {Name(label)} has {Count(label)} different values from {ColumnFacts.Text(label.Minimum)} to {ColumnFacts.Text(label.Maximum)}: {rule}")
        : throw new ArgumentException($"The label {Name(label)} has texts such as {Printable.Quoted(label.Values[0], 40)}, which are not numbers. Leave out --numeric, or correct them.");

    private static string Count(ColumnFacts label) => label.Distinct < ColumnFacts.MostDistinct ? $"{label.Distinct}" : $"at least {ColumnFacts.MostDistinct}";

    private static string Name(ColumnFacts label) => Printable.Quoted(label.Column.Name, 60);
}
