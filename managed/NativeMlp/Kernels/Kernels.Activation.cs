// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

public static partial class Kernels
{
    /// <summary><c>y[i] = act(x[i])</c>.</summary>
    /// <param name="activation"><c>act</c>.</param>
    /// <param name="x">Any length.</param>
    /// <param name="y">Of the same length; may be <paramref name="x"/>.</param>
    /// <param name="alpha"><c>α</c> of <see cref="Activation.LeakyRelu"/> and <see cref="Activation.Elu"/>, finite and at
    /// least 0; NaN for 0.01 and 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the two overlap without being the same.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="activation"/> names none, or <see cref="Activation.Maxout"/>,
    /// for which <see cref="Maxout"/> is; or <paramref name="alpha"/> is not allowed.</exception>
    public static void Activate(Activation activation, ReadOnlySpan<float> x, Span<float> y, float alpha = float.NaN)
    {
        alpha = CheckActivation(activation, alpha);
        Check.Length(y.Length, x.Length, "as many as x has", nameof(y));
        Check.DisjointOrSame(y, x);
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_activation_forward((int)activation, alpha, (nuint)x.Length, x, y);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_activation_forward));
    }

    /// <summary><c>dx[i] = dy[i]·act′</c>, computed from the output of the activation; for
    /// <see cref="Activation.Gelu"/>, <see cref="Activation.GeluTanh"/> and <see cref="Activation.Silu"/>, from its input.</summary>
    /// <param name="activation"><c>act</c>.</param>
    /// <param name="saved">The outputs or inputs, any length.</param>
    /// <param name="dy">Of the same length.</param>
    /// <param name="dx">Of the same length; may be <paramref name="dy"/>.</param>
    /// <param name="alpha">As in <see cref="Activate"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ, or <paramref name="dx"/> overlaps an input without being
    /// <paramref name="dy"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="activation"/> names none, or <see cref="Activation.Maxout"/>,
    /// for which <see cref="MaxoutBackward"/> is; or <paramref name="alpha"/> is not allowed.</exception>
    public static void ActivateBackward(Activation activation, ReadOnlySpan<float> saved, ReadOnlySpan<float> dy,
        Span<float> dx, float alpha = float.NaN)
    {
        alpha = CheckActivation(activation, alpha);
        Check.Length(dy.Length, saved.Length, "as many as saved has", nameof(dy));
        Check.Length(dx.Length, saved.Length, "as many as saved has", nameof(dx));
        Check.Disjoint(dx, saved);
        Check.DisjointOrSame(dx, dy);
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_activation_backward((int)activation, alpha, (nuint)saved.Length, saved, dy, dx);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_activation_backward));
    }

    /// <summary><c>y[i] = 0</c> where <c>x[i] &lt; 0</c>, else <c>x[i]</c>.</summary>
    /// <param name="x">Any length.</param>
    /// <param name="y">Of the same length; may be <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the two overlap without being the same.</exception>
    public static void Relu(ReadOnlySpan<float> x, Span<float> y) => Activate(Activation.Relu, x, y);

    /// <summary><c>dx[i] = 0</c> where <c>y[i] ≤ 0</c>, else <c>dy[i]</c>.</summary>
    /// <param name="y">The output of <see cref="Relu"/>.</param>
    /// <param name="dy">Of the same length.</param>
    /// <param name="dx">Of the same length; may be <paramref name="dy"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ, or <paramref name="dx"/> overlaps an input without being
    /// <paramref name="dy"/>.</exception>
    public static void ReluBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        Check.Length(dy.Length, y.Length, "as many as y has", nameof(dy));
        Check.Length(dx.Length, y.Length, "as many as y has", nameof(dx));
        Check.Disjoint(dx, y);
        ActivateBackward(Activation.Relu, y, dy, dx);
    }

    private static float CheckActivation(Activation activation, float alpha)
    {
        if (!Enum.IsDefined(activation))
            Throw.OutOfRange($"activation is {(int)activation}, which is not defined.", nameof(activation));
        if (activation.TakesPieces())
            Throw.OutOfRange($"activation is {activation}, which is not a function of one element. Use Kernels.Maxout.", nameof(activation));
        if (float.IsNaN(alpha)) return (float)new LayerOptions { Activation = activation }.Alpha;
        if (!(alpha >= 0 && float.IsFinite(alpha)))
            Throw.OutOfRange($"alpha is {alpha}; it must be finite and at least 0, or NaN for the default.", nameof(alpha));
        return alpha;
    }
}
