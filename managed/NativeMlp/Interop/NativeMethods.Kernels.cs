// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;

namespace NativeMlp.Interop;

internal static unsafe partial class NativeMethods
{
    [LibraryImport(Library)]
    public static partial int nmlp_gemm(nuint m, nuint n, nuint k, int transpose_a, int transpose_b,
        float alpha, ReadOnlySpan<float> a, nuint lda, ReadOnlySpan<float> b, nuint ldb,
        float beta, Span<float> c, nuint ldc, int threads);

    [LibraryImport(Library)]
    public static partial int nmlp_dense_forward(nuint m, nuint n, nuint k, int activation, float alpha,
        ReadOnlySpan<float> x, nuint ldx, ReadOnlySpan<float> w, nuint ldw,
        ReadOnlySpan<float> bias, nuint bias_length, Span<float> y, nuint ldy, int threads);

    [LibraryImport(Library)]
    public static partial int nmlp_dense_backward(nuint m, nuint n, nuint k, int activation, float alpha,
        ReadOnlySpan<float> x, nuint ldx, ReadOnlySpan<float> w, nuint ldw,
        ReadOnlySpan<float> saved, nuint lds, Span<float> dy, nuint lddy,
        Span<float> dx, nuint lddx, nuint dx_length,
        Span<float> dw, nuint lddw, nuint dw_length,
        Span<float> db, nuint db_length, int threads);

    [LibraryImport(Library)]
    public static partial int nmlp_activation_forward(int activation, float alpha, nuint count,
        ReadOnlySpan<float> x, Span<float> y);

    [LibraryImport(Library)]
    public static partial int nmlp_activation_backward(int activation, float alpha, nuint count,
        ReadOnlySpan<float> saved, ReadOnlySpan<float> dy, Span<float> dx);

    [LibraryImport(Library)]
    public static partial int nmlp_maxout_forward(nuint m, nuint outputs, nuint pieces,
        ReadOnlySpan<float> x, nuint ldx, Span<float> y, nuint ldy);

    [LibraryImport(Library)]
    public static partial int nmlp_maxout_backward(nuint m, nuint outputs, nuint pieces,
        ReadOnlySpan<float> x, nuint ldx, ReadOnlySpan<float> dy, nuint lddy, Span<float> dx, nuint lddx);

    [LibraryImport(Library)]
    public static partial int nmlp_softmax(nuint m, nuint n, ReadOnlySpan<float> x, nuint ldx,
        Span<float> y, nuint ldy, int threads);

    [LibraryImport(Library)]
    public static partial int nmlp_log_softmax(nuint m, nuint n, ReadOnlySpan<float> x, nuint ldx,
        Span<float> y, nuint ldy, int threads);

    [LibraryImport(Library)]
    public static partial int nmlp_softmax_cross_entropy(nuint m, nuint n,
        ReadOnlySpan<float> scores, nuint lds, ReadOnlySpan<int> labels,
        Span<float> dscores, nuint ldds, nuint dscores_length,
        out double loss, out nuint correct, int threads);

    [LibraryImport(Library)]
    public static partial int nmlp_optimizer_defaults(ref NativeOptimizer optimizer, int kind);

    [LibraryImport(Library)]
    public static partial int nmlp_optimizer_update(in NativeOptimizer optimizer, nuint count,
        Span<float> w, ReadOnlySpan<float> g, Span<float> first, nuint first_length,
        Span<float> second, nuint second_length, double beta1_power, double beta2_power);

    [LibraryImport(Library)]
    public static partial int nmlp_optimizer_update_moments(in NativeOptimizer optimizer, nuint count,
        Span<float> w, ReadOnlySpan<float> g, Span<float> first, nuint first_length,
        Span<float> second, nuint second_length, Span<float> third, nuint third_length, double beta1_power, double beta2_power);

    [LibraryImport(Library)]
    public static partial int nmlp_sincospi(nuint count, ReadOnlySpan<float> x, Span<float> s, Span<float> c);

    [LibraryImport(Library)]
    public static partial int nmlp_random_uniform(ulong seed, ulong stream, ulong offset, nuint count,
        float low, float high, Span<float> dst);

    [LibraryImport(Library)]
    public static partial int nmlp_random_normal(ulong seed, ulong stream, ulong offset, nuint count,
        float mean, float stddev, Span<float> dst);

    [LibraryImport(Library)]
    public static partial int nmlp_dropout_mask(ulong seed, ulong step, nuint layer, nuint rows, nuint columns,
        float dropout, Span<float> mask);

    [LibraryImport(Library)]
    public static partial int nmlp_random_permutation(ulong seed, ulong stream, nuint count, Span<int> dst);
}
