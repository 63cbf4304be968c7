// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

public static partial class Kernels
{
    /// <summary><c>y[i] = 0</c> where <c>x[i] &lt; 0</c>, else <c>x[i]</c>.</summary>
    /// <param name="x">Any length.</param>
    /// <param name="y">Of the same length; may be <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the two overlap without being the same.</exception>
    public static void Relu(ReadOnlySpan<float> x, Span<float> y)
    {
        Check.Length(y.Length, x.Length, "as many as x has", nameof(y));
        Check.DisjointOrSame(y, x);
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_activation_forward((int)Activation.Relu, (nuint)x.Length, x, y);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_activation_forward));
    }

    /// <summary><c>dx[i] = 0</c> where <c>y[i] ≤ 0</c>, else <c>dy[i]</c>.</summary>
    /// <param name="y">What <see cref="Relu"/> gave.</param>
    /// <param name="dy">Of the same length.</param>
    /// <param name="dx">Of the same length; may be <paramref name="dy"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ, or <paramref name="dx"/> overlaps an input without being
    /// <paramref name="dy"/>.</exception>
    public static void ReluBackward(ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        Check.Length(dy.Length, y.Length, "as many as y has", nameof(dy));
        Check.Length(dx.Length, y.Length, "as many as y has", nameof(dx));
        Check.Disjoint(dx, y);
        Check.DisjointOrSame(dx, dy);
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_activation_backward((int)Activation.Relu, (nuint)y.Length, y, dy, dx);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_activation_backward));
    }
}
