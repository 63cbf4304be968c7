// SPDX-License-Identifier: MIT
using static System.FormattableString;

namespace NativeMlp;

/// <summary>What a number that is not finite belongs to. The values are those of the C interface.</summary>
public enum NonFinitePlace
{
    /// <summary>The features.</summary>
    Feature = 1,

    /// <summary>The targets.</summary>
    Target = 2,

    /// <summary>A layer's parameters.</summary>
    Parameter = 3,

    /// <summary>A layer's outputs.</summary>
    Output = 4,

    /// <summary>A row's loss.</summary>
    Loss = 5,
}

/// <summary>The first number on the way of a step that is not finite.</summary>
/// <param name="Place">What it belongs to.</param>
/// <param name="Layer">The layer, from 0, for <see cref="NonFinitePlace.Parameter"/> and <see cref="NonFinitePlace.Output"/>.</param>
/// <param name="Row">The row of the batch; for a parameter the row of the weights, or as many as those are: the bias, then
/// gain and shift.</param>
/// <param name="Column">The column.</param>
public readonly record struct NonFinite(NonFinitePlace Place, int Layer, int Row, int Column)
{
    /// <summary>A clause for a message, such as <c>the output of layer 1 at row 3, column 7 is not finite</c>.</summary>
    public override string ToString() => Place switch
    {
        NonFinitePlace.Feature => Invariant($"the features at row {Row}, column {Column} of the batch are not finite"),
        NonFinitePlace.Target => Invariant($"the targets at row {Row}, column {Column} of the batch are not finite"),
        NonFinitePlace.Parameter => Invariant($"the parameters of layer {Layer} at row {Row}, column {Column} are not finite"),
        NonFinitePlace.Output => Invariant($"the output of layer {Layer} at row {Row}, column {Column} of the batch is not finite"),
        _ => Invariant($"the loss of row {Row} of the batch is not finite"),
    };
}
