// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

public static partial class Kernels
{
    /// <summary><c>Y = act(X·W + b)</c>.</summary>
    /// <param name="m">Rows of <c>X</c> and <c>Y</c>, at least 0.</param>
    /// <param name="n">Outputs, at least 0.</param>
    /// <param name="k">Inputs, at least 0.</param>
    /// <param name="x"><c>[m × k]</c>.</param>
    /// <param name="w"><c>[k × n]</c>.</param>
    /// <param name="bias"><c>[n]</c>, or empty for none.</param>
    /// <param name="y">Receives <c>[m × n]</c>.</param>
    /// <param name="activation"><c>act</c>.</param>
    /// <param name="ldx">Leading dimension of <paramref name="x"/>.</param>
    /// <param name="ldw">Leading dimension of <paramref name="w"/>.</param>
    /// <param name="ldy">Leading dimension of <paramref name="y"/>.</param>
    /// <param name="threads">The maximum number of workers; 0 for the default.</param>
    /// <param name="alpha">As in <see cref="Activate"/>.</param>
    /// <exception cref="ArgumentException">An array does not fit the sizes, a leading dimension is less than a row, or
    /// <paramref name="y"/> overlaps an input.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative or <paramref name="threads"/> is not from 0 to 1024, or
    /// <paramref name="activation"/> names none.</exception>
    public static void DenseForward(int m, int n, int k, ReadOnlySpan<float> x, ReadOnlySpan<float> w,
        ReadOnlySpan<float> bias, Span<float> y, Activation activation = Activation.Identity,
        int ldx = 0, int ldw = 0, int ldy = 0, int threads = 0, float alpha = float.NaN)
    {
        CheckSizes(m, n, k, threads);
        alpha = CheckActivation(activation, alpha);
        x = Check.Input(x, m, k, ldx);
        w = Check.Input(w, k, n, ldw);
        y = Check.Output(y, m, n, ldy);
        ldx = Check.Pitch(ldx, k);
        ldw = Check.Pitch(ldw, n);
        ldy = Check.Pitch(ldy, n);
        if (!bias.IsEmpty) Check.Length(bias.Length, n, "one for each output", nameof(bias));
        Check.Disjoint(y, x);
        Check.Disjoint(y, w);
        Check.Disjoint(y, bias);
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_dense_forward((nuint)m, (nuint)n, (nuint)k, (int)activation, alpha,
            x, (nuint)ldx, w, (nuint)ldw, bias, (nuint)bias.Length, y, (nuint)ldy, threads);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_dense_forward));
    }

    /// <summary>The gradients of a layer: <c>dZ = dY ⊙ act′</c>, then <c>dW = Xᵀ·dZ</c>, <c>db</c> = sum of the rows of
    /// <c>dZ</c>, <c>dX = dZ·Wᵀ</c>. A gradient is omitted if <paramref name="dx"/>, <paramref name="dw"/> or <paramref name="db"/> is
    /// empty.</summary>
    /// <param name="m">Rows of <c>X</c> and <c>Y</c>, at least 0.</param>
    /// <param name="n">Outputs, at least 0.</param>
    /// <param name="k">Inputs, at least 0.</param>
    /// <param name="x">The layer's input, <c>[m × k]</c>.</param>
    /// <param name="w"><c>[k × n]</c>.</param>
    /// <param name="y">The layer's output, <c>[m × n]</c>; for the activations that <see cref="ActivateBackward"/> lists,
    /// their input <c>X·W + b</c>.</param>
    /// <param name="dy"><c>[m × n]</c>; it is overwritten with <c>dZ</c>.</param>
    /// <param name="dx">Receives <c>[m × k]</c>, or empty.</param>
    /// <param name="dw">Receives <c>[k × n]</c>, or empty.</param>
    /// <param name="db">Receives <c>[n]</c>, or empty.</param>
    /// <param name="activation"><c>act</c>.</param>
    /// <param name="ldx">Leading dimension of <paramref name="x"/>.</param>
    /// <param name="ldw">Leading dimension of <paramref name="w"/>.</param>
    /// <param name="ldy">Leading dimension of <paramref name="y"/>.</param>
    /// <param name="lddy">Leading dimension of <paramref name="dy"/>.</param>
    /// <param name="lddx">Leading dimension of <paramref name="dx"/>.</param>
    /// <param name="lddw">Leading dimension of <paramref name="dw"/>.</param>
    /// <param name="threads">The maximum number of workers; 0 for the default.</param>
    /// <param name="alpha">As in <see cref="Activate"/>.</param>
    /// <exception cref="ArgumentException">An array does not fit the sizes, a leading dimension is less than a row, or an
    /// output overlaps an input or another output.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative or <paramref name="threads"/> is not from 0 to 1024, or
    /// <paramref name="activation"/> names none.</exception>
    public static void DenseBackward(int m, int n, int k, ReadOnlySpan<float> x, ReadOnlySpan<float> w,
        ReadOnlySpan<float> y, Span<float> dy, Span<float> dx, Span<float> dw, Span<float> db,
        Activation activation = Activation.Identity,
        int ldx = 0, int ldw = 0, int ldy = 0, int lddy = 0, int lddx = 0, int lddw = 0, int threads = 0, float alpha = float.NaN)
    {
        CheckSizes(m, n, k, threads);
        alpha = CheckActivation(activation, alpha);
        x = Check.Input(x, m, k, ldx);
        w = Check.Input(w, k, n, ldw);
        y = Check.Input(y, m, n, ldy);
        dy = Check.InPlace(dy, m, n, lddy);
        if (!dx.IsEmpty) dx = Check.Output(dx, m, k, lddx);
        if (!dw.IsEmpty) dw = Check.Output(dw, k, n, lddw);
        ldx = Check.Pitch(ldx, k);
        ldw = Check.Pitch(ldw, n);
        ldy = Check.Pitch(ldy, n);
        lddy = Check.Pitch(lddy, n);
        lddx = Check.Pitch(lddx, k);
        lddw = Check.Pitch(lddw, n);
        if (!db.IsEmpty) Check.Length(db.Length, n, "one for each output", nameof(db));
        CheckApart(x, w, y, dy, dx, dw, db);
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_dense_backward((nuint)m, (nuint)n, (nuint)k, (int)activation, alpha,
            x, (nuint)ldx, w, (nuint)ldw, y, (nuint)ldy, dy, (nuint)lddy,
            dx, (nuint)lddx, dx.IsEmpty ? 0 : (nuint)m * (nuint)lddx,
            dw, (nuint)lddw, dw.IsEmpty ? 0 : (nuint)k * (nuint)lddw,
            db, (nuint)db.Length, threads);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_dense_backward));
    }

    private static void CheckApart(ReadOnlySpan<float> x, ReadOnlySpan<float> w, ReadOnlySpan<float> y,
        ReadOnlySpan<float> dy, ReadOnlySpan<float> dx, ReadOnlySpan<float> dw, ReadOnlySpan<float> db)
    {
        CheckApartFromInputs(dy, x, w, y, nameof(dy));
        CheckApartFromInputs(dx, x, w, y, nameof(dx));
        CheckApartFromInputs(dw, x, w, y, nameof(dw));
        CheckApartFromInputs(db, x, w, y, nameof(db));
        Check.Disjoint(dx, dy);
        Check.Disjoint(dw, dy);
        Check.Disjoint(db, dy);
        Check.Disjoint(dw, dx);
        Check.Disjoint(db, dx);
        Check.Disjoint(db, dw);
    }

    private static void CheckApartFromInputs(ReadOnlySpan<float> output, ReadOnlySpan<float> x, ReadOnlySpan<float> w,
        ReadOnlySpan<float> y, string name)
    {
        Check.Disjoint(output, x, name);
        Check.Disjoint(output, w, name);
        Check.Disjoint(output, y, name);
    }
}
