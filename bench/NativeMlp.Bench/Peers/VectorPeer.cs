// SPDX-License-Identifier: MIT
using NativeMlp.Bench.Vectors;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Peers;

/// <summary>Hand-written vector code in C#: what managed code can do on the shapes that suit it.</summary>
internal sealed class VectorPeer : IGemmPeer, IDensePeer, IElementwisePeer
{
    private static readonly VectorKernels Vectors = VectorKernels.Best;

    public bool UsesThreadPool => true;

    public Work Gemm(GemmOperands operands, int threads)
    {
        GemmCase c = operands.Case;
        // Columns of op(B) must lie side by side: a transposed B is copied in each call.
        float[] b = c.TransposeB ? new float[operands.B.Length] : operands.B;
        Action rows = RowSplit.Over(c.M, threads, (from, to) =>
            Vectors.Multiply(from, to, c.N, c.K, operands.A, c.StridesA, b, operands.C));
        return new Work(() =>
        {
            if (c.TransposeB) Transpose(operands.B, c.N, c.K, b);
            rows();
        })
        {
            Check = operands.Check,
        };
    }

    public Work Dense(int rows, int inputs, int outputs, int threads)
    {
        DenseData d = new(rows, inputs, outputs);
        return new Work(RowSplit.Over(rows, threads, (from, to) =>
        {
            Vectors.Multiply(from, to, outputs, inputs, d.X, (inputs, 1), d.W, d.Y);
            for (int row = from; row < to; row++)
            {
                Span<float> y = d.Y.AsSpan(row * outputs, outputs);
                for (int j = 0; j < y.Length; j++) y[j] += d.Bias[j];
                Vectors.Relu(y, y);
            }
        }));
    }

    public Work Relu(int length)
    {
        float[] x = RandomData.Floats(length, seed: 1), y = new float[length];
        return new Work(() => Vectors.Relu(x, y));
    }

    public Work? Softmax(int rows, int classes) => null;

    public Work MomentumUpdate(int length)
    {
        UpdateData d = new(length);
        return new Work(() => Vectors.MomentumUpdate(d.Weights, d.Gradient, d.Velocity, UpdateData.Momentum, UpdateData.LearningRate));
    }

    private static void Transpose(float[] matrix, int rows, int columns, float[] transposed)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                transposed[column * rows + row] = matrix[row * columns + column];
        }
    }
}
