// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

public static partial class Kernels
{
    /// <summary>Maxout: <c>y[j] = maxₚ x[p·outputs + j]</c> in each row, the maximum of the pieces of an output. If a piece
    /// is NaN, <c>y</c> is NaN.</summary>
    /// <param name="m">Rows, at least 0.</param>
    /// <param name="outputs">Columns of <c>Y</c>, at least 0.</param>
    /// <param name="pieces">Pieces of each output, at least 1.</param>
    /// <param name="x"><c>[m × pieces·outputs]</c>.</param>
    /// <param name="y">Receives <c>[m × outputs]</c>; may be <paramref name="x"/> with the same leading dimension.</param>
    /// <param name="ldx">Leading dimension of <paramref name="x"/>.</param>
    /// <param name="ldy">Leading dimension of <paramref name="y"/>.</param>
    /// <exception cref="ArgumentException">A matrix does not have the length of its sizes, a leading dimension is less than a row,
    /// or the two overlap without being the same.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not allowed.</exception>
    public static void Maxout(int m, int outputs, int pieces, ReadOnlySpan<float> x, Span<float> y, int ldx = 0, int ldy = 0)
    {
        int sums = CheckPieces(m, outputs, pieces);
        x = Check.Input(x, m, sums, ldx);
        y = Check.Output(y, m, outputs, ldy);
        ldx = Check.Pitch(ldx, sums);
        ldy = Check.Pitch(ldy, outputs);
        Check.DisjointOrSame(y, x, ldy, ldx);
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_maxout_forward((nuint)m, (nuint)outputs, (nuint)pieces, x, (nuint)ldx, y, (nuint)ldy);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_maxout_forward));
    }

    /// <summary>The gradient of <see cref="Maxout"/>: <c>dx[p·outputs + j]</c> is <c>dy[j]</c> at the first piece that is the maximum,
    /// 0 at the others. If <c>y</c> is NaN, this is piece 0.</summary>
    /// <param name="m">Rows, at least 0.</param>
    /// <param name="outputs">Columns of <c>Y</c>, at least 0.</param>
    /// <param name="pieces">Pieces of each output, at least 1.</param>
    /// <param name="x"><c>[m × pieces·outputs]</c>, the input of <see cref="Maxout"/>.</param>
    /// <param name="dy"><c>[m × outputs]</c>.</param>
    /// <param name="dx">Receives <c>[m × pieces·outputs]</c>; may be <paramref name="x"/> with the same leading dimension.</param>
    /// <param name="ldx">Leading dimension of <paramref name="x"/>.</param>
    /// <param name="lddy">Leading dimension of <paramref name="dy"/>.</param>
    /// <param name="lddx">Leading dimension of <paramref name="dx"/>.</param>
    /// <exception cref="ArgumentException">A matrix does not have the length of its sizes, a leading dimension is less than a row,
    /// or <paramref name="dx"/> overlaps an input without being <paramref name="x"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is not allowed.</exception>
    public static void MaxoutBackward(int m, int outputs, int pieces, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx,
        int ldx = 0, int lddy = 0, int lddx = 0)
    {
        int sums = CheckPieces(m, outputs, pieces);
        x = Check.Input(x, m, sums, ldx);
        dy = Check.Input(dy, m, outputs, lddy);
        dx = Check.Output(dx, m, sums, lddx);
        ldx = Check.Pitch(ldx, sums);
        lddy = Check.Pitch(lddy, outputs);
        lddx = Check.Pitch(lddx, sums);
        Check.DisjointOrSame(dx, x, lddx, ldx);
        Check.Disjoint(dx, dy);
        NativeLibraryLoader.EnsureLoaded();
        int status = NativeMethods.nmlp_maxout_backward((nuint)m, (nuint)outputs, (nuint)pieces, x, (nuint)ldx, dy, (nuint)lddy,
            dx, (nuint)lddx);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_maxout_backward));
    }

    private static int CheckPieces(int m, int outputs, int pieces)
    {
        Check.Size(m);
        Check.Size(outputs);
        Check.AtLeastOne(pieces);
        if ((long)outputs * pieces > int.MaxValue)
            Throw.OutOfRange($"pieces is {pieces}; with {outputs} outputs a row would be longer than {int.MaxValue}.", nameof(pieces));
        return outputs * pieces;
    }
}
