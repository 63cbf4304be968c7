// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>The counters of an optimizer. With them and the moments, training continues with the same bits.</summary>
/// <param name="Kind">The kind of optimizer that took the last step.</param>
/// <param name="Steps">The number of steps taken, <c>t</c>.</param>
/// <param name="Beta1Power"><c>β1ᵗ</c> as a running product; 1 before the first step.</param>
/// <param name="Beta2Power"><c>β2ᵗ</c> as a running product; 1 before the first step.</param>
public readonly record struct OptimizerState(OptimizerKind Kind, ulong Steps, double Beta1Power, double Beta2Power);
