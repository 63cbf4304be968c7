// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Training;

/// <summary>Which rows of a table are for what, each list ascending. Rows without a label are in none.</summary>
/// <param name="Training">The rows that are trained on.</param>
/// <param name="Validation">The rows that decide which epoch is kept.</param>
/// <param name="Test">The rows that are held back for a test.</param>
public sealed record TableSplit(IReadOnlyList<int> Training, IReadOnlyList<int> Validation, IReadOnlyList<int> Test);
