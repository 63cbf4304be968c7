// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables;

/// <summary>How often a model had to answer without the value of a column.</summary>
/// <param name="Column">The name of the column.</param>
/// <param name="Missing">Rows in which it is missing.</param>
/// <param name="Unknown">Rows in which it is a category that no training row had, or no number where one should be.</param>
public sealed record CellCounts(string Column, int Missing, int Unknown);
