// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>What tells one activation from another; the native library's own list is activations.def.</summary>
internal static class ActivationTraits
{
    /// <summary>The <c>α</c> that it has where none is chosen; null if it has none.</summary>
    public static double? DefaultAlpha(this Activation activation) => activation switch
    {
        Activation.LeakyRelu => 0.01,
        Activation.Elu => 1,
        _ => null,
    };

    /// <summary>Whether an output is a function of several sums.</summary>
    public static bool TakesPieces(this Activation activation) => activation == Activation.Maxout;

    /// <summary>Whether its derivative jumps at 0.</summary>
    public static bool HasKink(this Activation activation) => activation is Activation.Relu or Activation.LeakyRelu or Activation.Elu;
}
