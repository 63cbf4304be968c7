// SPDX-License-Identifier: MIT
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Peers;

/// <summary>Float loops as the formulas are written: what a C# programmer writes first.</summary>
internal sealed class LoopsPeer : IGemmPeer, IDensePeer, IElementwisePeer
{
    // Beyond this a call takes a good part of a second, and the speed no longer changes.
    private const double MostFlops = 2e8;

    public bool UsesThreadPool => false;

    public Work? Gemm(GemmOperands operands, int threads)
    {
        GemmCase c = operands.Case;
        if (c.Flops > MostFlops) return null;
        return new Work(() => Multiply(c, operands.A, operands.B, operands.C))
        {
            Check = operands.Check,
        };
    }

    public Work Dense(int rows, int inputs, int outputs, int threads)
    {
        DenseData d = new(rows, inputs, outputs);
        return new Work(() =>
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < outputs; j++)
                {
                    float sum = d.Bias[j];
                    for (int p = 0; p < inputs; p++) sum += d.X[i * inputs + p] * d.W[p * outputs + j];
                    d.Y[i * outputs + j] = Math.Max(0, sum);
                }
            }
        });
    }

    public Work Relu(int length)
    {
        float[] x = RandomData.Floats(length, seed: 1), y = new float[length];
        return new Work(() =>
        {
            for (int i = 0; i < x.Length; i++) y[i] = x[i] < 0 ? 0 : x[i];
        });
    }

    public Work Softmax(int rows, int classes)
    {
        float[] x = RandomData.Floats(rows * classes, seed: 1), y = new float[x.Length];
        return new Work(() =>
        {
            for (int row = 0; row < rows; row++)
                Softmax(x.AsSpan(row * classes, classes), y.AsSpan(row * classes, classes));
        });
    }

    public Work MomentumUpdate(int length)
    {
        UpdateData d = new(length);
        return new Work(() =>
        {
            float[] w = d.Weights, g = d.Gradient, v = d.Velocity;
            for (int i = 0; i < w.Length; i++)
            {
                v[i] = UpdateData.Momentum * v[i] + g[i];
                w[i] -= UpdateData.LearningRate * v[i];
            }
        });
    }

    private static void Multiply(GemmCase c, float[] a, float[] b, float[] result)
    {
        (int m, int n, int k) = (c.M, c.N, c.K);
        (int aRow, int aColumn) = c.StridesA;
        (int bRow, int bColumn) = c.StridesB;
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float sum = 0;
                for (int p = 0; p < k; p++) sum += a[i * aRow + p * aColumn] * b[p * bRow + j * bColumn];
                result[i * n + j] = sum;
            }
        }
    }

    private static void Softmax(ReadOnlySpan<float> x, Span<float> y)
    {
        float max = float.NegativeInfinity, sum = 0;
        foreach (float value in x) max = Math.Max(max, value);
        for (int j = 0; j < x.Length; j++) sum += y[j] = MathF.Exp(x[j] - max);
        for (int j = 0; j < y.Length; j++) y[j] /= sum;
    }
}
