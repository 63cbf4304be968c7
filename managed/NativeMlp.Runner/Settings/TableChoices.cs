// SPDX-License-Identifier: MIT
using NativeMlp.Tabular.Inference;
using NativeMlp.Tabular.Reading;
using NativeMlp.Tabular.Training;

namespace NativeMlp.Runner.Settings;

/// <summary>The settings of a table: how its file is read, what its columns are, and how its model is trained.</summary>
internal sealed class TableChoices
{
    public TableReaderOptions Reading { get; set; } = new();
    public InferenceOptions Columns { get; set; } = new();
    public string? Time { get; set; }
    public string? TestFile { get; set; }
    public double? TestFraction { get; set; }
    public int? Folds { get; set; }
    public int? Ensemble { get; set; }
    public bool BalancedClasses { get; set; }
    public ThresholdMetric? Threshold { get; set; }

    /// <summary>The options for reading the file, including those that depend on the kinds of the columns: a category keeps
    /// its text, and a number must be valid.</summary>
    public TableReaderOptions ReadingOptions
    {
        get
        {
            var kinds = new Dictionary<string, CellKind>(StringComparer.Ordinal);
            foreach (string column in Columns.Categorical) kinds[column] = CellKind.Text;
            foreach (string column in Columns.Numeric) kinds[column] = CellKind.Number;
            if (Columns.Weight is { } weight) kinds[weight] = CellKind.Number;
            return Reading with { Columns = kinds };
        }
    }
}

/// <summary>The weights of the classes in the loss.</summary>
internal enum ClassWeighting
{
    None,
    Balanced,
}
