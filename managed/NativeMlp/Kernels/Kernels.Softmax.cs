// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

public static partial class Kernels
{
    /// <summary>Each row of <c>Y = exp(x − max) / Σ exp(x − max)</c>.</summary>
    /// <param name="m">Rows, at least 0.</param>
    /// <param name="n">Columns, at least 0.</param>
    /// <param name="x"><c>[m × n]</c>.</param>
    /// <param name="y">Receives <c>[m × n]</c>; may be <paramref name="x"/> with the same leading dimension.</param>
    /// <param name="ldx">Leading dimension of <paramref name="x"/>.</param>
    /// <param name="ldy">Leading dimension of <paramref name="y"/>.</param>
    /// <param name="threads">The maximum number of workers; 0 for the default.</param>
    /// <exception cref="ArgumentException">A matrix does not have the length of its sizes, a leading dimension is less than a row,
    /// or the two overlap without being the same.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative or <paramref name="threads"/> is not from 0 to 1024.</exception>
    public static void Softmax(int m, int n, ReadOnlySpan<float> x, Span<float> y,
        int ldx = 0, int ldy = 0, int threads = 0)
    {
        CheckRowwise(m, n, ref x, ref y, ref ldx, ref ldy, threads);
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_softmax((nuint)m, (nuint)n, x, (nuint)ldx, y, (nuint)ldy, threads);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_softmax));
    }

    /// <summary>Each row of <c>Y = (x − max) − log Σ exp(x − max)</c>.</summary>
    /// <inheritdoc cref="Softmax"/>
    public static void LogSoftmax(int m, int n, ReadOnlySpan<float> x, Span<float> y,
        int ldx = 0, int ldy = 0, int threads = 0)
    {
        CheckRowwise(m, n, ref x, ref y, ref ldx, ref ldy, threads);
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_log_softmax((nuint)m, (nuint)n, x, (nuint)ldx, y, (nuint)ldy, threads);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_log_softmax));
    }

    /// <summary>The mean over the rows of <c>log Σ exp(s − max) − (s[label] − max)</c>, and its gradient
    /// <c>(softmax(s) − onehot(label)) / m</c>.</summary>
    /// <param name="m">Rows, at least 1.</param>
    /// <param name="n">Classes, at least 1.</param>
    /// <param name="scores"><c>[m × n]</c>.</param>
    /// <param name="labels">The class of each row, <c>[m]</c>, each from 0 to <c>n − 1</c>.</param>
    /// <param name="dscores">Receives <c>[m × n]</c>, or empty to omit the gradient; may be
    /// <paramref name="scores"/> with the same leading dimension.</param>
    /// <param name="lds">Leading dimension of <paramref name="scores"/>.</param>
    /// <param name="ldds">Leading dimension of <paramref name="dscores"/>.</param>
    /// <param name="threads">The maximum number of workers; 0 for the default.</param>
    /// <returns>The loss, and the number of rows whose first maximum score is at the label.</returns>
    /// <exception cref="ArgumentException">An array does not fit the sizes, a leading dimension is less than a row, or
    /// the two overlap without being the same.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size, a label or <paramref name="threads"/> is not allowed.</exception>
    public static StepResult SoftmaxCrossEntropy(int m, int n, ReadOnlySpan<float> scores, ReadOnlySpan<int> labels,
        Span<float> dscores = default, int lds = 0, int ldds = 0, int threads = 0)
    {
        Check.AtLeastOne(m);
        Check.AtLeastOne(n);
        Check.Threads(threads);
        scores = Check.Input(scores, m, n, lds);
        Check.Length(labels.Length, m, "one for each row", nameof(labels));
        if (!dscores.IsEmpty) dscores = Check.Output(dscores, m, n, ldds);
        lds = Check.Pitch(lds, n);
        ldds = Check.Pitch(ldds, n);
        Check.DisjointOrSame(dscores, scores, ldds, lds);
        BatchCheck.ThrowIfLabelOutside(labels, n, nameof(labels));
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_softmax_cross_entropy((nuint)m, (nuint)n, scores, (nuint)lds, labels,
            dscores, (nuint)ldds, dscores.IsEmpty ? 0 : (nuint)m * (nuint)ldds,
            out double loss, out nuint correct, threads);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_softmax_cross_entropy));
        return new StepResult(loss, loss, m, (int)correct);
    }

    private static void CheckRowwise(int m, int n, ref ReadOnlySpan<float> x, ref Span<float> y,
        ref int ldx, ref int ldy, int threads)
    {
        Check.Size(m);
        Check.Size(n);
        Check.Threads(threads);
        x = Check.Input(x, m, n, ldx);
        y = Check.Output(y, m, n, ldy);
        ldx = Check.Pitch(ldx, n);
        ldy = Check.Pitch(ldy, n);
        Check.DisjointOrSame(y, x, ldy, ldx);
    }
}
