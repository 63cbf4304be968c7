// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp.Reference;

/// <summary>The labels or targets of a batch.</summary>
/// <param name="Labels">The class of each row, <c>[rows]</c>; empty if <paramref name="Values"/> are used.</param>
/// <param name="Values">The target of each output, <c>[rows × outputs]</c>; null for 1 at the label and 0 elsewhere, or, with
/// one output, for the label itself.</param>
/// <param name="Weights">The weight of each row, <c>[rows]</c>; null for equal weights.</param>
public sealed record ReferenceTargets(int[] Labels, double[,]? Values = null, double[]? Weights = null)
{
    /// <summary>Creates targets from labels.</summary>
    /// <param name="labels">The class of each row.</param>
    public static implicit operator ReferenceTargets(int[] labels) => FromLabels(labels);

    /// <summary>Creates targets from labels.</summary>
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
