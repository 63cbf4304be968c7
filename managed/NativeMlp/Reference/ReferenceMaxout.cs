// SPDX-License-Identifier: MIT
namespace NativeMlp.Reference;

/// <summary>
/// Maxout: an output is the maximum of its pieces, <c>y[i, j] = maxₚ v[i, p·outputs + j]</c>. The gradient is that of the
/// maximum piece; the other pieces have gradient 0.
/// </summary>
internal static class ReferenceMaxout
{
    /// <summary>The index of the maximum piece of each output: the first if several are equal, or the first that is NaN.</summary>
    /// <param name="v"><c>[rows × pieces·outputs]</c>.</param>
    /// <param name="pieces">Pieces of each output.</param>
    /// <returns><c>[rows × outputs]</c>.</returns>
    public static int[,] Winners(double[,] v, int pieces)
    {
        int rows = v.GetLength(0), outputs = v.GetLength(1) / pieces;
        var winners = new int[rows, outputs];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < outputs; j++)
            {
                for (int p = 1; p < pieces; p++)
                {
                    double best = v[i, (winners[i, j] * outputs) + j], piece = v[i, (p * outputs) + j];
                    if (!double.IsNaN(best) && (piece > best || double.IsNaN(piece)))
                        winners[i, j] = p;
                }
            }
        }

        return winners;
    }

    /// <summary>The outputs.</summary>
    /// <param name="v"><c>[rows × pieces·outputs]</c>.</param>
    /// <param name="pieces">Pieces of each output.</param>
    /// <returns><c>[rows × outputs]</c>.</returns>
    public static double[,] Forward(double[,] v, int pieces)
    {
        int[,] winners = Winners(v, pieces);
        int rows = winners.GetLength(0), outputs = winners.GetLength(1);
        var y = new double[rows, outputs];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < outputs; j++)
                y[i, j] = v[i, (winners[i, j] * outputs) + j];
        }

        return y;
    }

    /// <summary>The gradient of v, given that of y.</summary>
    /// <param name="v"><c>[rows × pieces·outputs]</c>.</param>
    /// <param name="pieces">Pieces of each output.</param>
    /// <param name="dy"><c>[rows × outputs]</c>.</param>
    /// <returns><c>[rows × pieces·outputs]</c>.</returns>
    public static double[,] Backward(double[,] v, int pieces, double[,] dy)
    {
        int[,] winners = Winners(v, pieces);
        int rows = winners.GetLength(0), outputs = winners.GetLength(1);
        var dv = new double[rows, pieces * outputs];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < outputs; j++)
                dv[i, (winners[i, j] * outputs) + j] = dy[i, j];
        }

        return dv;
    }
}
