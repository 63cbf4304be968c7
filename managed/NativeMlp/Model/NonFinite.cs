// SPDX-License-Identifier: MIT
using static System.FormattableString;

namespace NativeMlp;

/// <summary>Where a number that is not finite was found. The values are those of the C interface.</summary>
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

    /// <summary>The sum of the weights of a batch's rows: it is 0, or denormal or infinite as a float32.</summary>
    TotalWeight = 6,

    /// <summary>The sum of squares of a row of a layer's weights.</summary>
    Penalty = 7,

    /// <summary>The gradient of a layer's parameters.</summary>
    Gradient = 8,

    /// <summary>A parameter, moment or running statistic of a layer after the update.</summary>
    Update = 9,
}

/// <summary>The first number in a training step that is not finite.</summary>
/// <param name="Place">Where it was found.</param>
/// <param name="Layer">The layer, from 0, for places in a layer.</param>
/// <param name="Row">The row of the batch; for <see cref="NonFinitePlace.TotalWeight"/>, the row with the greatest weight. For a
/// parameter, its gradient and its update, the row of the weights; the rows after the weights are the bias, γ, β, the running
/// mean and the running variance.</param>
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
        NonFinitePlace.TotalWeight => Invariant($"the weights of the batch's rows have a sum that is 0, denormal or infinite (the greatest is that of row {Row})"),
        NonFinitePlace.Penalty => Invariant($"the squares of the weights of layer {Layer}, row {Row}, have no finite sum"),
        NonFinitePlace.Gradient => Invariant($"the gradient of layer {Layer} at row {Row}, column {Column} is not finite"),
        NonFinitePlace.Update => Invariant($"the update of layer {Layer} at row {Row}, column {Column} is not finite"),
        _ => Invariant($"the loss of row {Row} of the batch is not finite"),
    };

    /// <summary>Returns advice for a message. A smaller learning rate helps only if a step has changed the parameters, or would.</summary>
    /// <param name="stepsTaken">The number of steps that the run has already taken.</param>
    internal string Advice(long stepsTaken) => Place switch
    {
        NonFinitePlace.Feature => "check the features of this row",
        NonFinitePlace.Target => "check the targets of this row",
        NonFinitePlace.TotalWeight => "give the rows of each batch weights whose sum is greater than 0 and fits in float32, or use larger batches",
        NonFinitePlace.Update => "try a smaller learning rate",
        _ when stepsTaken > 0 => "try a smaller learning rate",
        NonFinitePlace.Parameter => "check the initial parameters of the network",
        _ => "scale the features and targets to about 1",
    };
}
