// SPDX-License-Identifier: MIT
namespace NativeMlp.Tables;

/// <summary>The number of missing and unknown values of a column during a prediction.</summary>
/// <param name="Column">The name of the column.</param>
/// <param name="Missing">The number of rows without a value.</param>
/// <param name="Unknown">The number of rows whose category no training row had, or whose text is not a number.</param>
public sealed record CellCounts(string Column, int Missing, int Unknown);
