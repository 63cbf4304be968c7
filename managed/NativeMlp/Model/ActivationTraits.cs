// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>The properties of the activations. The native library has its own list, activations.def.</summary>
internal static class ActivationTraits
{
    /// <summary>The default <c>α</c>; null if the activation has none.</summary>
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
