// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Training;

/// <summary>Which rows of a table are for what. Rows without a label are for nothing.</summary>
/// <param name="Networks">For each network of the model the rows that it has seen.</param>
/// <param name="Test">The rows that no network has seen, ascending.</param>
public sealed record TableSplit(IReadOnlyList<NetworkRows> Networks, IReadOnlyList<int> Test);

/// <summary>Which rows a network has seen, each list ascending.</summary>
/// <param name="Training">The rows that it was trained on.</param>
/// <param name="Validation">The rows that decided which of its epochs was kept.</param>
public sealed record NetworkRows(IReadOnlyList<int> Training, IReadOnlyList<int> Validation);
