// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>A layer <c>Y = act(X·W + b)</c> of a network: <c>W</c> is <c>[Inputs × Outputs]</c>, <c>b</c> is
/// <c>[Outputs]</c>.</summary>
/// <param name="Inputs">Columns of <c>X</c>.</param>
/// <param name="Outputs">Columns of <c>Y</c>.</param>
/// <param name="Activation"><c>act</c>.</param>
/// <param name="Initialization">How the first weights are drawn.</param>
public readonly record struct LayerShape(
    int Inputs, int Outputs, Activation Activation, Initialization Initialization = Initialization.Default)
{
    /// <summary>Elements of the weights, <c>Inputs · Outputs</c>.</summary>
    public long WeightCount => (long)Inputs * Outputs;
}
