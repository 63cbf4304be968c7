// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp.Reference;

/// <summary>What the scores of a batch are held against.</summary>
/// <param name="Labels">The class of each row, <c>[rows]</c>; empty where <paramref name="Values"/> serve.</param>
/// <param name="Values">What each output should be, <c>[rows × outputs]</c>; null for 1 at the label and 0 elsewhere, and for
/// the label itself where there is one output.</param>
/// <param name="Weights">How much each row counts, <c>[rows]</c>; null for all alike.</param>
public sealed record ReferenceTargets(int[] Labels, double[,]? Values = null, double[]? Weights = null)
{
    /// <summary>Labels alone.</summary>
    /// <param name="labels">The class of each row.</param>
    public static implicit operator ReferenceTargets(int[] labels) => FromLabels(labels);

    /// <summary>Labels alone.</summary>
    /// <param name="labels">The class of each row.</param>
    public static ReferenceTargets FromLabels(int[] labels) => new(labels);

    private bool PrintMembers(StringBuilder builder) =>
        new MemberText(builder).AddList(Labels).AddMatrix(Values).AddList(Weights ?? [], nameof(Weights)).Any;

    internal double Weight(int row) => Weights is null ? 1 : Weights[row];

    internal double Value(int row, int output, int outputs) =>
        Values is not null ? Values[row, output]
        : outputs == 1 ? Labels[row]
        : Labels[row] == output ? 1 : 0;
}
