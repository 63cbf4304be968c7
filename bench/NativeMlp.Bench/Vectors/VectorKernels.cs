// SPDX-License-Identifier: MIT
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeMlp.Bench.Vectors;

/// <summary>Kernels in C# with the widest vectors that the processor has: one of the peers, and the means to measure the
/// machine's limits.</summary>
internal abstract class VectorKernels
{
    public static VectorKernels Best { get; } = Vector512.IsHardwareAccelerated
        ? new VectorKernels<Lanes512, Vector512<float>>()
        : new VectorKernels<Lanes256, Vector256<float>>();

    /// <summary>Floats in a vector.</summary>
    public abstract int Lanes { get; }

    /// <summary>Fused multiply-adds in registers: <see cref="FlopsPerRound"/> in each round.</summary>
    public abstract float MultiplyAddChains(int rounds);

    public int FlopsPerRound => 2 * Chains * Lanes;

    /// <summary>Reads everything.</summary>
    public abstract float Sum(ReadOnlySpan<float> values);

    public abstract void Relu(ReadOnlySpan<float> x, Span<float> y);

    /// <summary><c>v = momentum·v + g; w -= rate·v</c>.</summary>
    public abstract void MomentumUpdate(Span<float> w, ReadOnlySpan<float> g, Span<float> v, float momentum, float rate);

    /// <summary>Rows of <c>C = op(A)·B</c>, B and C row-major with n columns.</summary>
    /// <param name="from">The first row.</param>
    /// <param name="to">After the last row.</param>
    /// <param name="n">Columns.</param>
    /// <param name="k">Columns of <c>op(A)</c>.</param>
    /// <param name="a">A, with the given strides of <c>op(A)</c>.</param>
    /// <param name="strides">From one row and from one column of <c>op(A)</c> to the next.</param>
    /// <param name="b">B.</param>
    /// <param name="c">Receives the rows.</param>
    public abstract void Multiply(int from, int to, int n, int k, float[] a, (int Row, int Column) strides, float[] b, float[] c);

    // Enough to hide a latency of 5 cycles on two units.
    private protected const int Chains = 10;
}

/// <inheritdoc/>
internal sealed class VectorKernels<TLanes, TVector> : VectorKernels
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    public override int Lanes => TLanes.Count;

    [MethodImpl(Hot)]
    public override float MultiplyAddChains(int rounds)
    {
        TVector a = TLanes.Broadcast(0.999999f), b = TLanes.Broadcast(1e-6f);
        // Each begins elsewhere, none at b/(1 − a) = 1 where it would stay: a compiler may not make two of them one.
        TVector c0 = TLanes.Broadcast(0.00f), c1 = TLanes.Broadcast(0.01f), c2 = TLanes.Broadcast(0.02f);
        TVector c3 = TLanes.Broadcast(0.03f), c4 = TLanes.Broadcast(0.04f), c5 = TLanes.Broadcast(0.05f);
        TVector c6 = TLanes.Broadcast(0.06f), c7 = TLanes.Broadcast(0.07f), c8 = TLanes.Broadcast(0.08f);
        TVector c9 = TLanes.Broadcast(0.09f);
        for (int round = 0; round < rounds; round++)
        {
            c0 = TLanes.MultiplyAdd(c0, a, b);
            c1 = TLanes.MultiplyAdd(c1, a, b);
            c2 = TLanes.MultiplyAdd(c2, a, b);
            c3 = TLanes.MultiplyAdd(c3, a, b);
            c4 = TLanes.MultiplyAdd(c4, a, b);
            c5 = TLanes.MultiplyAdd(c5, a, b);
            c6 = TLanes.MultiplyAdd(c6, a, b);
            c7 = TLanes.MultiplyAdd(c7, a, b);
            c8 = TLanes.MultiplyAdd(c8, a, b);
            c9 = TLanes.MultiplyAdd(c9, a, b);
        }

        TVector sum = TLanes.Add(TLanes.Add(TLanes.Add(c0, c1), TLanes.Add(c2, c3)), TLanes.Add(TLanes.Add(c4, c5), TLanes.Add(c6, c7)));
        return TLanes.Sum(TLanes.Add(sum, TLanes.Add(c8, c9)));
    }

    [MethodImpl(Hot)]
    public override float Sum(ReadOnlySpan<float> values)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        nuint lanes = (nuint)TLanes.Count, i = 0;
        TVector s0 = default, s1 = default, s2 = default, s3 = default;
        for (nuint end = (nuint)values.Length / (4 * lanes) * (4 * lanes); i < end; i += 4 * lanes)
        {
            s0 = TLanes.Add(s0, TLanes.Load(ref first, i));
            s1 = TLanes.Add(s1, TLanes.Load(ref first, i + lanes));
            s2 = TLanes.Add(s2, TLanes.Load(ref first, i + 2 * lanes));
            s3 = TLanes.Add(s3, TLanes.Load(ref first, i + 3 * lanes));
        }

        float sum = TLanes.Sum(TLanes.Add(TLanes.Add(s0, s1), TLanes.Add(s2, s3)));
        for (int rest = (int)i; rest < values.Length; rest++) sum += values[rest];
        return sum;
    }

    [MethodImpl(Hot)]
    public override void Relu(ReadOnlySpan<float> x, Span<float> y)
    {
        ref float from = ref MemoryMarshal.GetReference(x), to = ref MemoryMarshal.GetReference(y);
        int i = 0;
        for (; i <= x.Length - TLanes.Count; i += TLanes.Count)
            TLanes.Store(TLanes.Max(TLanes.Load(ref from, (nuint)i), default), ref to, (nuint)i);
        for (; i < x.Length; i++) y[i] = Math.Max(0, x[i]);
    }

    [MethodImpl(Hot)]
    public override void MomentumUpdate(Span<float> w, ReadOnlySpan<float> g, Span<float> v, float momentum, float rate)
    {
        ref float weight = ref MemoryMarshal.GetReference(w), gradient = ref MemoryMarshal.GetReference(g),
            velocity = ref MemoryMarshal.GetReference(v);
        TVector keep = TLanes.Broadcast(momentum), minusRate = TLanes.Broadcast(-rate);
        int i = 0;
        for (; i <= w.Length - TLanes.Count; i += TLanes.Count)
        {
            nuint at = (nuint)i;
            TVector moved = TLanes.MultiplyAdd(keep, TLanes.Load(ref velocity, at), TLanes.Load(ref gradient, at));
            TLanes.Store(moved, ref velocity, at);
            TLanes.Store(TLanes.MultiplyAdd(minusRate, moved, TLanes.Load(ref weight, at)), ref weight, at);
        }

        for (; i < w.Length; i++)
        {
            v[i] = momentum * v[i] + g[i];
            w[i] -= rate * v[i];
        }
    }

    public override void Multiply(int from, int to, int n, int k, float[] a, (int Row, int Column) strides, float[] b, float[] c)
    {
        int column = 0;
        for (; column <= n - 2 * TLanes.Count; column += 2 * TLanes.Count)
        {
            int row = from;
            for (; row <= to - TileRows; row += TileRows) Tile(row, column, n, k, a, strides, b, c);
            for (; row < to; row++) OneRow(row, column, n, k, a, strides, b, c);
        }

        for (int row = from; row < to; row++)
            for (int rest = column; rest < n; rest++) c[row * n + rest] = Element(row, rest, n, k, a, strides, b);
    }

    private const int TileRows = 6;

    // 6 rows × 2 vectors of C in registers.
    [MethodImpl(Hot)]
    private static void Tile(int row, int column, int n, int k, float[] a, (int Row, int Column) strides, float[] b, float[] c)
    {
        TVector c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        TVector c30 = default, c31 = default, c40 = default, c41 = default, c50 = default, c51 = default;
        nuint step = (nuint)strides.Row, right = (nuint)TLanes.Count;
        ref float x = ref a[row * strides.Row];
        ref float y = ref b[column];
        for (int p = 0; p < k; p++)
        {
            TVector b0 = TLanes.Load(ref y, 0), b1 = TLanes.Load(ref y, right);
            TVector value = TLanes.Broadcast(x);
            c00 = TLanes.MultiplyAdd(value, b0, c00);
            c01 = TLanes.MultiplyAdd(value, b1, c01);
            value = TLanes.Broadcast(Unsafe.Add(ref x, step));
            c10 = TLanes.MultiplyAdd(value, b0, c10);
            c11 = TLanes.MultiplyAdd(value, b1, c11);
            value = TLanes.Broadcast(Unsafe.Add(ref x, 2 * step));
            c20 = TLanes.MultiplyAdd(value, b0, c20);
            c21 = TLanes.MultiplyAdd(value, b1, c21);
            value = TLanes.Broadcast(Unsafe.Add(ref x, 3 * step));
            c30 = TLanes.MultiplyAdd(value, b0, c30);
            c31 = TLanes.MultiplyAdd(value, b1, c31);
            value = TLanes.Broadcast(Unsafe.Add(ref x, 4 * step));
            c40 = TLanes.MultiplyAdd(value, b0, c40);
            c41 = TLanes.MultiplyAdd(value, b1, c41);
            value = TLanes.Broadcast(Unsafe.Add(ref x, 5 * step));
            c50 = TLanes.MultiplyAdd(value, b0, c50);
            c51 = TLanes.MultiplyAdd(value, b1, c51);
            x = ref Unsafe.Add(ref x, strides.Column);
            y = ref Unsafe.Add(ref y, n);
        }

        StorePair(c00, c01, ref c[row * n + column]);
        StorePair(c10, c11, ref c[(row + 1) * n + column]);
        StorePair(c20, c21, ref c[(row + 2) * n + column]);
        StorePair(c30, c31, ref c[(row + 3) * n + column]);
        StorePair(c40, c41, ref c[(row + 4) * n + column]);
        StorePair(c50, c51, ref c[(row + 5) * n + column]);
    }

    [MethodImpl(Hot)]
    private static void OneRow(int row, int column, int n, int k, float[] a, (int Row, int Column) strides, float[] b, float[] c)
    {
        TVector c0 = default, c1 = default;
        for (int p = 0; p < k; p++)
        {
            TVector value = TLanes.Broadcast(a[row * strides.Row + p * strides.Column]);
            ref float y = ref b[p * n + column];
            c0 = TLanes.MultiplyAdd(value, TLanes.Load(ref y, 0), c0);
            c1 = TLanes.MultiplyAdd(value, TLanes.Load(ref y, (nuint)TLanes.Count), c1);
        }

        StorePair(c0, c1, ref c[row * n + column]);
    }

    [MethodImpl(Hot)]
    private static float Element(int row, int column, int n, int k, float[] a, (int Row, int Column) strides, float[] b)
    {
        float sum = 0;
        for (int p = 0; p < k; p++) sum += a[row * strides.Row + p * strides.Column] * b[p * n + column];
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePair(TVector left, TVector right, ref float first)
    {
        TLanes.Store(left, ref first, 0);
        TLanes.Store(right, ref first, (nuint)TLanes.Count);
    }
}
