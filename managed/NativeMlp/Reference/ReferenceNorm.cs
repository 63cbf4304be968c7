// SPDX-License-Identifier: MIT
namespace NativeMlp.Reference;

/// <summary>
/// Batch and layer normalisation: <c>x̂ = (z − μ)/√(σ² + ε)</c>, <c>v = γ·x̂ + β</c>. A batch norm computes the mean
/// and variance of each column, a layer norm those of each row.
/// </summary>
internal static class ReferenceNorm
{
    /// <summary>Mean and variance of each column.</summary>
    /// <param name="z"><c>[rows × outputs]</c>.</param>
    public static (double[] Mean, double[] Variance) OfColumns(double[,] z)
    {
        int rows = z.GetLength(0), outputs = z.GetLength(1);
        var mean = new double[outputs];
        var variance = new double[outputs];
        for (int j = 0; j < outputs; j++)
        {
            for (int i = 0; i < rows; i++)
                mean[j] += z[i, j] / rows;

            for (int i = 0; i < rows; i++)
                variance[j] += (z[i, j] - mean[j]) * (z[i, j] - mean[j]) / rows;
        }

        return (mean, variance);
    }

    /// <summary><c>x̂</c> of columns with this mean and variance.</summary>
    /// <param name="z"><c>[rows × outputs]</c>.</param>
    /// <param name="mean">μ of each column.</param>
    /// <param name="variance">σ² of each column.</param>
    /// <param name="epsilon">ε.</param>
    /// <returns><c>x̂</c>, and <c>1/√(σ² + ε)</c> of each element.</returns>
    public static (double[,] Normal, double[,] Scale) Columns(double[,] z, double[] mean, double[] variance, double epsilon) =>
        Apply(z, (_, j) => mean[j], (_, j) => 1 / Math.Sqrt(variance[j] + epsilon));

    /// <summary><c>x̂</c> of rows, each with its own mean and variance.</summary>
    /// <param name="z"><c>[rows × outputs]</c>.</param>
    /// <param name="epsilon">ε.</param>
    /// <returns><c>x̂</c>, and <c>1/√(σ² + ε)</c> of each element.</returns>
    public static (double[,] Normal, double[,] Scale) Rows(double[,] z, double epsilon)
    {
        (double[] mean, double[] variance) = OfColumns(Transpose(z));
        return Apply(z, (i, _) => mean[i], (i, _) => 1 / Math.Sqrt(variance[i] + epsilon));
    }

    /// <summary>The gradient of z from that of x̂: <c>scale·(d − mean(d) − x̂·mean(d·x̂))</c>, means over the column of a
    /// batch norm or the row of a layer norm.</summary>
    /// <param name="norm">Which.</param>
    /// <param name="d">The gradient of x̂.</param>
    /// <param name="normal">x̂.</param>
    /// <param name="scale">As the forward pass gave it.</param>
    public static double[,] Backward(Norm norm, double[,] d, double[,] normal, double[,] scale)
    {
        if (norm == Norm.Layer)
            return Transpose(Backward(Norm.Batch, Transpose(d), Transpose(normal), Transpose(scale)));

        int rows = d.GetLength(0), outputs = d.GetLength(1);
        var dz = new double[rows, outputs];
        for (int j = 0; j < outputs; j++)
        {
            double mean = 0, slope = 0;
            for (int i = 0; i < rows; i++)
            {
                mean += d[i, j] / rows;
                slope += d[i, j] * normal[i, j] / rows;
            }

            for (int i = 0; i < rows; i++)
                dz[i, j] = scale[i, j] * (d[i, j] - mean - (normal[i, j] * slope));
        }

        return dz;
    }

    private static (double[,] Normal, double[,] Scale) Apply(double[,] z, Func<int, int, double> mean, Func<int, int, double> scale)
    {
        var normal = new double[z.GetLength(0), z.GetLength(1)];
        var scales = new double[z.GetLength(0), z.GetLength(1)];
        for (int i = 0; i < z.GetLength(0); i++)
        {
            for (int j = 0; j < z.GetLength(1); j++)
            {
                scales[i, j] = scale(i, j);
                normal[i, j] = (z[i, j] - mean(i, j)) * scales[i, j];
            }
        }

        return (normal, scales);
    }

    private static double[,] Transpose(double[,] matrix)
    {
        var transposed = new double[matrix.GetLength(1), matrix.GetLength(0)];
        for (int i = 0; i < matrix.GetLength(0); i++)
        {
            for (int j = 0; j < matrix.GetLength(1); j++)
                transposed[j, i] = matrix[i, j];
        }

        return transposed;
    }
}
