// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

public static partial class Kernels
{
    /// <summary><c>s[i] = sin(π·x[i])</c>, <c>c[i] = cos(π·x[i])</c>; at most 2 ulp off, exact where the result is 0 or 1,
    /// and the same bits everywhere.</summary>
    /// <param name="x">Any length.</param>
    /// <param name="s">Of the same length; may be <paramref name="x"/>.</param>
    /// <param name="c">Of the same length; may be <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">The lengths differ, or arrays overlap that must not.</exception>
    public static void SinCosPi(ReadOnlySpan<float> x, Span<float> s, Span<float> c)
    {
        Check.Length(s.Length, x.Length, "as many as x has", nameof(s));
        Check.Length(c.Length, x.Length, "as many as x has", nameof(c));
        Check.DisjointOrSame(s, x);
        Check.DisjointOrSame(c, x);
        Check.Disjoint(c, s);
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_sincospi((nuint)x.Length, x, s, c);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_sincospi));
    }

    /// <summary>Random numbers, uniform on <c>[low, high)</c>: <c>low + (high − low)·u</c>, <c>u</c> a multiple of 2⁻²⁴. The
    /// value at a position depends only on seed, stream and position.</summary>
    /// <param name="seed">With <paramref name="stream"/>, the sequence.</param>
    /// <param name="stream">With <paramref name="seed"/>, the sequence.</param>
    /// <param name="destination">Receives the values at positions <c>offset + i</c>.</param>
    /// <param name="low">Finite.</param>
    /// <param name="high">Finite, at least <paramref name="low"/>; the difference must be finite, too.</param>
    /// <param name="offset">The first position.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="low"/>, <paramref name="high"/> or
    /// <paramref name="offset"/> is not allowed.</exception>
    public static void RandomUniform(ulong seed, ulong stream, Span<float> destination, float low = 0, float high = 1,
        ulong offset = 0)
    {
        Check.Finite(low);
        Check.Finite(high);
        Check.Finite(high - low);
        if (high < low) Throw.OutOfRange($"high is {high}, less than low, which is {low}.", nameof(high));
        CheckPositions(offset, destination.Length);
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_random_uniform(seed, stream, offset, (nuint)destination.Length, low, high,
            destination);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_random_uniform));
    }

    /// <summary>Random numbers, normal with the given mean and standard deviation. The value at a position depends on
    /// seed, stream and position alone.</summary>
    /// <param name="seed">With <paramref name="stream"/>, the sequence.</param>
    /// <param name="stream">With <paramref name="seed"/>, the sequence.</param>
    /// <param name="destination">Receives the values at positions <c>offset + i</c>.</param>
    /// <param name="mean">Finite.</param>
    /// <param name="deviation">Finite, at least 0.</param>
    /// <param name="offset">The first position.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mean"/>, <paramref name="deviation"/> or
    /// <paramref name="offset"/> is not allowed.</exception>
    public static void RandomNormal(ulong seed, ulong stream, Span<float> destination, float mean = 0,
        float deviation = 1, ulong offset = 0)
    {
        Check.Finite(mean);
        Check.Finite(deviation);
        if (deviation < 0) Throw.OutOfRange($"deviation is {deviation}; it must be at least 0.", nameof(deviation));
        CheckPositions(offset, destination.Length);
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_random_normal(seed, stream, offset, (nuint)destination.Length, mean, deviation,
            destination);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_random_normal));
    }

    /// <summary>The mask by which a training step multiplies the outputs of a layer: 0 or <c>1/(1 − dropout)</c>.</summary>
    /// <param name="seed">The network's <see cref="MlpOptions.Seed"/>.</param>
    /// <param name="step">The step, from 1: <see cref="OptimizerState.Steps"/> after it.</param>
    /// <param name="layer">The layer, from 0.</param>
    /// <param name="columns">The layer's outputs, at least 1.</param>
    /// <param name="dropout">The probability of 0, in [0, 1).</param>
    /// <param name="destination">Receives <c>[rows × columns]</c>, a row for each of the batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not allowed, or the length of <paramref name="destination"/> is not a multiple
    /// of <paramref name="columns"/>.</exception>
    public static void DropoutMask(ulong seed, ulong step, int layer, int columns, float dropout, Span<float> destination)
    {
        if (layer is < 0 or > 9999) Throw.OutOfRange($"layer is {layer}; it must be from 0 to 9999.", nameof(layer));
        if (columns < 1 || destination.Length % columns != 0)
            Throw.OutOfRange($"columns is {columns}; it must be at least 1 and divide the {destination.Length} elements of destination.", nameof(columns));
        if (!(dropout >= 0 && dropout < 1))
            Throw.OutOfRange($"dropout is {dropout}; it must be at least 0 and less than 1.", nameof(dropout));
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_dropout_mask(seed, step, (nuint)layer, (nuint)(destination.Length / columns),
            (nuint)columns, dropout, destination);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_dropout_mask));
    }

    /// <summary>A random permutation of <c>0 … length − 1</c> (Fisher-Yates), which depends only on seed, stream and
    /// length.</summary>
    /// <param name="seed">With <paramref name="stream"/>, the sequence.</param>
    /// <param name="stream">With <paramref name="seed"/>, the sequence.</param>
    /// <param name="destination">Receives the order.</param>
    public static void RandomPermutation(ulong seed, ulong stream, Span<int> destination)
    {
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_random_permutation(seed, stream, (nuint)destination.Length, destination);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_random_permutation));
    }

    private static void CheckPositions(ulong offset, int length)
    {
        if (offset > ulong.MaxValue - (ulong)length)
            Throw.OutOfRange($"offset is {offset}; with {length} values the positions would pass 2^64.", nameof(offset));
    }
}
