// SPDX-License-Identifier: MIT
using NativeMlp.Reference;

namespace NativeMlp.Tests.Differential;

/// <summary>The rounding errors of a norm, over columns; a layer norm is one over columns of the transposed matrix.</summary>
internal static class NormErrors
{
    private const int Operations = 4; // of 1/√(σ² + ε)

    /// <summary>What a norm makes of its sums' errors.</summary>
    /// <param name="Normal">Of x̂.</param>
    /// <param name="Scale">Of 1/√(σ² + ε), element by element.</param>
    /// <param name="Mean">Of the mean of each column.</param>
    /// <param name="Variance">Of the variance of each column.</param>
    public sealed record Forward(double[,] Normal, double[,] Scale, double[] Mean, double[] Variance);

    /// <summary>Forward with the statistics of these rows, or with given ones, which have no error.</summary>
    public static Forward Of(Norm norm, ReferencePass pass, double[,] z, bool given) => norm == Norm.Layer
        ? Transposed(Columns(Transpose(pass.Z), Transpose(z), Transpose(pass.Normal!), Transpose(pass.Scale!), given: false))
        : Columns(pass.Z, z, pass.Normal!, pass.Scale!, given);

    /// <summary>Backward: the error of <c>dz = scale·(d − mean(d) − x̂·mean(d·x̂))</c>.</summary>
    public static double[,] Backward(Norm norm, ReferencePass pass, Forward forward, double[,] d, double[,] errors) => norm == Norm.Layer
        ? Transpose(Columns(Transpose(pass.Normal!), Transpose(pass.Scale!), Transposed(forward), Transpose(d), Transpose(errors)))
        : Columns(pass.Normal!, pass.Scale!, forward, d, errors);

    private static Forward Columns(double[,] z, double[,] errors, double[,] normal, double[,] scale, bool given)
    {
        int rows = z.GetLength(0), columns = z.GetLength(1);
        var forward = new Forward(new double[rows, columns], new double[rows, columns], new double[columns], new double[columns]);
        for (int j = 0; j < columns; j++)
        {
            double squares = 0, magnitude = 0;
            for (int i = 0; i < rows; i++)
            {
                squares += errors[i, j] * errors[i, j];
                magnitude += Math.Abs(z[i, j]);
            }

            double mean = given ? 0 : Rounding.Join(Math.Sqrt(squares) / rows, Rounding.Chain(rows + 2, magnitude / rows));
            double variance = 0, handedOn = 0, square = 0;
            for (int i = 0; i < rows && !given; i++)
            {
                double difference = normal[i, j] / scale[i, j];
                double own = Difference(i, j, mean), error = 2 * difference * own / rows;
                variance += difference * difference / rows;
                handedOn += error * error;
                square += Rounding.Confidence * own * own / rows; // of the second order, and all there is of equal numbers
            }

            forward.Mean[j] = mean;
            forward.Variance[j] = Rounding.Join(Math.Sqrt(handedOn), Rounding.Chain(rows + 3, variance)) + square;
            for (int i = 0; i < rows; i++)
            {
                double s = scale[i, j];
                forward.Scale[i, j] = Rounding.Join(s * s * s / 2 * forward.Variance[j], Operations * Rounding.Unit * s);
                forward.Normal[i, j] = Rounding.Join(
                    s * Difference(i, j, mean), normal[i, j] / s * forward.Scale[i, j], Rounding.Unit * normal[i, j]);
            }
        }

        return forward;

        double Difference(int i, int j, double mean) =>
            Rounding.Join(errors[i, j], mean, Rounding.Unit * normal[i, j] / scale[i, j]);
    }

    private static double[,] Columns(double[,] normal, double[,] scale, Forward forward, double[,] d, double[,] errors)
    {
        int rows = d.GetLength(0), columns = d.GetLength(1);
        var dz = new double[rows, columns];
        for (int j = 0; j < columns; j++)
        {
            double mean = 0, means = 0, meanError = 0, slope = 0, slopes = 0, slopeError = 0;
            for (int i = 0; i < rows; i++)
            {
                double product = d[i, j] * normal[i, j];
                double error = Rounding.OfProduct(d[i, j], errors[i, j], normal[i, j], forward.Normal[i, j]);
                mean += d[i, j] / rows;
                means += Math.Abs(d[i, j]) / rows;
                meanError += errors[i, j] * errors[i, j] / ((double)rows * rows);
                slope += product / rows;
                slopes += Math.Abs(product) / rows;
                slopeError += error * error / ((double)rows * rows);
            }

            meanError = Rounding.Join(Math.Sqrt(meanError), Rounding.Chain(rows + 1, means));
            slopeError = Rounding.Join(Math.Sqrt(slopeError), Rounding.Chain(rows + 1, slopes));
            for (int i = 0; i < rows; i++)
            {
                double x = normal[i, j], rest = d[i, j] - mean - (x * slope);
                double terms = Rounding.Chain(3, Math.Abs(d[i, j]) + Math.Abs(mean) + Math.Abs(x * slope));
                double inner = Rounding.Join(Rounding.Join(errors[i, j], meanError, x * slopeError), slope * forward.Normal[i, j], terms);
                dz[i, j] = Rounding.Join(scale[i, j] * inner, rest * forward.Scale[i, j], 2 * Rounding.Unit * scale[i, j] * rest);
            }
        }

        return dz;
    }

    private static Forward Transposed(Forward forward) => forward with { Normal = Transpose(forward.Normal), Scale = Transpose(forward.Scale) };

    private static double[,] Transpose(double[,] matrix)
    {
        var transposed = new double[matrix.GetLength(1), matrix.GetLength(0)];
        for (int i = 0; i < matrix.GetLength(0); i++)
            for (int j = 0; j < matrix.GetLength(1); j++) transposed[j, i] = matrix[i, j];
        return transposed;
    }
}
