// SPDX-License-Identifier: MIT
namespace NativeMlp.Tabular.Training;

/// <summary>The use of the rows of a table. Rows without a label are not used.</summary>
/// <param name="Networks">The rows that each network of the model has used.</param>
/// <param name="Test">The rows that no network has used, in ascending order.</param>
public sealed record TableSplit(IReadOnlyList<NetworkRows> Networks, IReadOnlyList<int> Test);

/// <summary>The rows that a network has used, in ascending order.</summary>
/// <param name="Training">The rows that it was trained on.</param>
/// <param name="Validation">The rows that determined which epoch was kept.</param>
public sealed record NetworkRows(IReadOnlyList<int> Training, IReadOnlyList<int> Validation);
