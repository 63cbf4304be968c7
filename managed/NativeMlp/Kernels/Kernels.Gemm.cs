// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

/// <summary>The stateless functions of the native library, on the caller's memory.</summary>
/// <remarks>
/// Matrices are row-major. A leading dimension <c>ld…</c> is the distance between two rows in elements; 0 means no gaps
/// between rows. Sizes are <c>m</c> rows (samples), <c>n</c> outputs and <c>k</c> inputs. Gradients have the prefix
/// <c>d</c>. <c>threads</c> is the maximum number of workers; 0 means
/// <see cref="NativeLibraryInfo.DefaultThreads"/>. The results do not depend on it. Any thread may call these functions at any
/// time. Outputs must not overlap inputs unless a function allows it. Every function throws
/// <see cref="NativeLibraryLoadException"/> if the native library cannot be used.
/// </remarks>
public static partial class Kernels
{
    /// <summary><c>C = alpha·op(A)·op(B) + beta·C</c>, where <c>op</c> is the matrix or its transpose.</summary>
    /// <param name="m">Rows of <c>op(A)</c> and <c>C</c>, at least 0.</param>
    /// <param name="n">Columns of <c>op(B)</c> and <c>C</c>, at least 0.</param>
    /// <param name="k">Columns of <c>op(A)</c>, rows of <c>op(B)</c>, at least 0.</param>
    /// <param name="a"><c>[m × k]</c>, or <c>[k × m]</c> if <paramref name="transposeA"/>.</param>
    /// <param name="b"><c>[k × n]</c>, or <c>[n × k]</c> if <paramref name="transposeB"/>.</param>
    /// <param name="c"><c>[m × n]</c>; not read if <paramref name="beta"/> is 0.</param>
    /// <param name="alpha">The factor for each element of <c>A</c>.</param>
    /// <param name="beta">The factor for each element of <c>C</c>.</param>
    /// <param name="transposeA">Whether to use the transpose of <paramref name="a"/>.</param>
    /// <param name="transposeB">Whether to use the transpose of <paramref name="b"/>.</param>
    /// <param name="lda">Leading dimension of <paramref name="a"/>.</param>
    /// <param name="ldb">Leading dimension of <paramref name="b"/>.</param>
    /// <param name="ldc">Leading dimension of <paramref name="c"/>.</param>
    /// <param name="threads">The maximum number of workers; 0 for the default.</param>
    /// <exception cref="ArgumentException">A matrix does not have the length of its sizes, a leading dimension is less than a row,
    /// or <paramref name="c"/> overlaps an input.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative or <paramref name="threads"/> is not from 0 to 1024.</exception>
    public static void Gemm(int m, int n, int k, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c,
        float alpha = 1, float beta = 0, bool transposeA = false, bool transposeB = false,
        int lda = 0, int ldb = 0, int ldc = 0, int threads = 0)
    {
        CheckSizes(m, n, k, threads);
        (int aRows, int aColumns) = transposeA ? (k, m) : (m, k);
        (int bRows, int bColumns) = transposeB ? (n, k) : (k, n);
        a = Check.Input(a, aRows, aColumns, lda);
        b = Check.Input(b, bRows, bColumns, ldb);
        c = Check.Output(c, m, n, ldc);
        lda = Check.Pitch(lda, aColumns);
        ldb = Check.Pitch(ldb, bColumns);
        ldc = Check.Pitch(ldc, n);
        Check.Disjoint(c, a);
        Check.Disjoint(c, b);
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_gemm((nuint)m, (nuint)n, (nuint)k, transposeA ? 1 : 0, transposeB ? 1 : 0,
            alpha, a, (nuint)lda, b, (nuint)ldb, beta, c, (nuint)ldc, threads);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_gemm));
    }

    private static void CheckSizes(int m, int n, int k, int threads)
    {
        Check.Size(m);
        Check.Size(n);
        Check.Size(k);
        Check.Threads(threads);
    }
}
