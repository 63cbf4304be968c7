// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>What each kind of optimizer keeps between steps; the library's own list is optimizers.def.</summary>
internal static class OptimizerKinds
{
    public static bool HasFirstMoment(this OptimizerKind kind) =>
        kind is OptimizerKind.Momentum or OptimizerKind.Nesterov or OptimizerKind.RmsProp || kind.CountsPowers();

    public static bool HasSecondMoment(this OptimizerKind kind) =>
        kind is OptimizerKind.AdaGrad or OptimizerKind.RmsProp || kind.CountsPowers();

    /// <summary>Whether it needs the powers of β1 and β2.</summary>
    public static bool CountsPowers(this OptimizerKind kind) => kind is OptimizerKind.Adam or OptimizerKind.AdamW;
}
