// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>What an optimizer counts: with the moments it is all that a checkpoint needs to go on.</summary>
/// <param name="Kind">The kind of the last step.</param>
/// <param name="Steps">Steps taken, <c>t</c>.</param>
/// <param name="Beta1Power"><c>β1ᵗ</c> as a running product; 1 before the first step.</param>
/// <param name="Beta2Power"><c>β2ᵗ</c> as a running product; 1 before the first step.</param>
public readonly record struct OptimizerState(OptimizerKind Kind, ulong Steps, double Beta1Power, double Beta2Power);
