// SPDX-License-Identifier: MIT
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Peers;

/// <summary>MathNet.Numerics with its managed provider.</summary>
internal sealed class MathNetPeer : IGemmPeer, IDensePeer
{
    // Beyond this a call takes a good part of a second, and the speed no longer changes.
    private const double MostFlops = 2e8;

    public MathNetPeer() => Control.UseManaged();

    public bool UsesThreadPool => true;

    public Work? Gemm(GemmOperands operands, int threads)
    {
        GemmCase c = operands.Case;
        if (c.Flops > MostFlops) return null;
        Control.MaxDegreeOfParallelism = threads;
        Matrix<float> a = FromRows(operands.A, c.TransposeA ? c.K : c.M), b = FromRows(operands.B, c.TransposeB ? c.N : c.K);
        Matrix<float> result = Matrix<float>.Build.Dense(c.M, c.N);
        Action run = c.Operation switch
        {
            GemmOperation.NN => () => a.Multiply(b, result),
            GemmOperation.TN => () => a.TransposeThisAndMultiply(b, result),
            _ => () => a.TransposeAndMultiply(b, result),
        };
        return new Work(run) { Check = () => operands.Check((row, column) => result[row, column]) };
    }

    public Work Dense(int rows, int inputs, int outputs, int threads)
    {
        Control.MaxDegreeOfParallelism = threads;
        DenseData d = new(rows, inputs, outputs);
        Matrix<float> x = FromRows(d.X, rows), w = FromRows(d.W, inputs), y = Matrix<float>.Build.Dense(rows, outputs);
        return new Work(() =>
        {
            x.Multiply(w, y);
            y.MapIndexedInplace((_, column, value) => Math.Max(0, value + d.Bias[column]));
        });
    }

    private static Matrix<float> FromRows(float[] values, int rows) =>
        Matrix<float>.Build.DenseOfRowMajor(rows, values.Length / rows, values);
}
