// SPDX-License-Identifier: MIT
using System.Numerics.Tensors;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Peers;

/// <summary>System.Numerics.Tensors: it has no matrix product, so a product is made of its vector operations.</summary>
internal sealed class TensorsPeer : IGemmPeer, IDensePeer, IElementwisePeer
{
    public bool UsesThreadPool => true;

    public Work Gemm(GemmOperands operands, int threads)
    {
        GemmCase c = operands.Case;
        return new Work(RowSplit.Over(c.M, threads, (from, to) =>
        {
            for (int row = from; row < to; row++) Row(c, row, operands.A, operands.B, operands.C.AsSpan(row * c.N, c.N));
        }))
        {
            Check = operands.Check,
        };
    }

    public Work Dense(int rows, int inputs, int outputs, int threads)
    {
        DenseData d = new(rows, inputs, outputs);
        return new Work(RowSplit.Over(rows, threads, (from, to) =>
        {
            for (int row = from; row < to; row++)
            {
                Span<float> y = d.Y.AsSpan(row * outputs, outputs);
                d.Bias.CopyTo(y);
                for (int p = 0; p < inputs; p++)
                    TensorPrimitives.MultiplyAdd(d.W.AsSpan(p * outputs, outputs), d.X[row * inputs + p], y, y);
                TensorPrimitives.Max(y, 0, y);
            }
        }));
    }

    public Work Relu(int length)
    {
        float[] x = RandomData.Floats(length, seed: 1), y = new float[length];
        return new Work(() => TensorPrimitives.Max(x, 0, y));
    }

    public Work Softmax(int rows, int classes)
    {
        float[] x = RandomData.Floats(rows * classes, seed: 1), y = new float[x.Length];
        return new Work(() =>
        {
            for (int start = 0; start < x.Length; start += classes)
                TensorPrimitives.SoftMax(x.AsSpan(start, classes), y.AsSpan(start, classes));
        });
    }

    public Work MomentumUpdate(int length)
    {
        UpdateData d = new(length);
        return new Work(() =>
        {
            TensorPrimitives.MultiplyAdd(d.Velocity, UpdateData.Momentum, d.Gradient, d.Velocity);
            TensorPrimitives.MultiplyAdd(d.Velocity, -UpdateData.LearningRate, d.Weights, d.Weights);
        });
    }

    private static void Row(GemmCase c, int row, float[] a, float[] b, Span<float> result)
    {
        if (c.TransposeB)
        {
            ReadOnlySpan<float> x = a.AsSpan(row * c.K, c.K);
            for (int j = 0; j < result.Length; j++) result[j] = TensorPrimitives.Dot(x, b.AsSpan(j * c.K, c.K));
            return;
        }

        (int step, int next) = c.StridesA;
        result.Clear();
        for (int p = 0; p < c.K; p++)
            TensorPrimitives.MultiplyAdd(b.AsSpan(p * c.N, c.N), a[row * step + p * next], result, result);
    }
}
