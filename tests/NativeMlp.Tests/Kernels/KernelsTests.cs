// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests;

/// <summary>The span API: each call reaches its kernel, and what does not fit is refused. The kernels' own tests are in C.</summary>
public sealed class KernelsTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Gemm_OfAnyTransposes_IsTheProduct(bool transposeA, bool transposeB)
    {
        const int m = 7, n = 19, k = 33;
        float[] a = Normal(1, m * k), b = Normal(2, k * n), c = Normal(3, m * n);
        float[] expected = [.. c];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = 0;
                for (int p = 0; p < k; p++)
                    sum += (double)a[transposeA ? (p * m) + i : (i * k) + p] * b[transposeB ? (j * k) + p : (p * n) + j];

                expected[(i * n) + j] = (float)((0.5 * sum) + (2 * c[(i * n) + j]));
            }
        }

        Kernels.Gemm(m, n, k, a, b, c, alpha: 0.5f, beta: 2, transposeA: transposeA, transposeB: transposeB);
        AssertClose(expected, c, 1e-5f);
    }

    [Fact]
    public void DenseForwardAndBackward_OfReluLayer_AreTheFormulas()
    {
        const int m = 4, n = 3, k = 5;
        float[] x = Normal(1, m * k), w = Normal(2, k * n), bias = Normal(3, n), y = new float[m * n], dy = Normal(4, m * n);
        Kernels.DenseForward(m, n, k, x, w, bias, y, Activation.Relu);
        float[] dz = [.. dy], dx = new float[m * k], dw = new float[k * n], db = new float[n];
        Kernels.DenseBackward(m, n, k, x, w, y, dz, dx, dw, db, Activation.Relu);
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                float z = bias[j];
                for (int p = 0; p < k; p++)
                    z += x[(i * k) + p] * w[(p * n) + j];

                Assert.Equal(Math.Max(0, z), y[(i * n) + j], 1e-5f);
                Assert.Equal(z > 0 ? dy[(i * n) + j] : 0, dz[(i * n) + j]);
            }
        }

        float[] dwExpected = new float[k * n], dxExpected = new float[m * k];
        Kernels.Gemm(k, n, m, x, dz, dwExpected, transposeA: true);
        Kernels.Gemm(m, k, n, dz, w, dxExpected, transposeB: true);
        Assert.Equal(dwExpected, dw);
        Assert.Equal(dxExpected, dx);
        Assert.Equal(dz[0] + dz[3] + dz[6] + dz[9], db[0], 1e-6f);
    }

    [Fact]
    public void SoftmaxFamily_OnRows_AgreesWithItself()
    {
        const int m = 5, n = 10;
        float[] scores = Normal(1, m * n), p = new float[m * n], logP = new float[m * n], d = new float[m * n];
        int[] labels = [0, 9, 3, 3, 1];
        Kernels.Softmax(m, n, scores, p);
        Kernels.LogSoftmax(m, n, scores, logP);
        StepResult result = Kernels.SoftmaxCrossEntropy(m, n, scores, labels, d);
        AssertClose(Array.ConvertAll(logP, value => (float)Math.Exp(value)), p, 1e-6f);
        Assert.Equal(-labels.Select((label, i) => logP[(i * n) + label]).Average(), (float)result.Loss, 1e-5f);
        for (int i = 0; i < m * n; i++)
            Assert.Equal((p[i] - (i % n == labels[i / n] ? 1 : 0)) / m, d[i], 1e-6f);
    }

    [Fact]
    public void Relu_AndItsGradient_SelectByTheSign()
    {
        float[] x = [-1, 0, 2, float.NaN], y = new float[4], dx = new float[4];
        Kernels.Relu(x, y);
        Assert.Equal([0, 0, 2, float.NaN], y);
        Kernels.ReluBackward(y, [5, 6, 7, 8], dx);
        Assert.Equal([0, 0, 7, 8], dx);
    }

    [Fact]
    public void Update_ByAdam_IsTheDefinition()
    {
        float[] w = [1, -2], g = [0.5f, -0.25f], first = new float[2], second = new float[2];
        Kernels.Update(Optimizer.Adam(0.1), w, g, first, second, 0.9, 0.999);
        Assert.Equal([0.9f, -1.9f], w, (a, b) => Math.Abs(a - b) < 1e-6); // the first step is the rate's size
        AssertClose([0.05f, -0.025f], first, 1e-6f);
    }

    [Fact]
    public void RandomPermutation_OfARange_HasEachNumberOnce()
    {
        int[] order = new int[1000], again = new int[1000], other = new int[1000];
        Kernels.RandomPermutation(1, 1, order);
        Kernels.RandomPermutation(1, 1, again);
        Kernels.RandomPermutation(1, 2, other);
        Assert.Equal(order, again);
        Assert.NotEqual(order, other);
        Assert.Equal(Enumerable.Range(0, 1000), order.Order());
    }

    [Fact]
    public void Arguments_ThatDoNotFit_AreRefusedWithBothNumbers()
    {
        float[] six = new float[6], five = new float[5];
        ArgumentException e = Assert.ThrowsAny<ArgumentException>(() => Kernels.Gemm(2, 3, 1, new float[2], five.AsSpan(0, 2), six));
        Assert.Contains("3", e.Message, StringComparison.Ordinal);
        Assert.Contains("2", e.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => Kernels.Gemm(2, 3, 1, new float[2], new float[3], five));
        Assert.ThrowsAny<ArgumentException>(() => Kernels.Gemm(-1, 3, 1, new float[2], new float[3], six));
        Assert.ThrowsAny<ArgumentException>(() => Kernels.Gemm(2, 3, 1, new float[2], new float[3], six, ldc: 2));
        Assert.ThrowsAny<ArgumentException>(() => Kernels.Relu(six, five));
        Assert.ThrowsAny<ArgumentException>(() => Kernels.Relu(six.AsSpan(0, 4), six.AsSpan(1, 4)));
        Assert.ThrowsAny<ArgumentException>(() => Kernels.Softmax(2, 3, six, five));
        Assert.ThrowsAny<ArgumentException>(() => Kernels.SoftmaxCrossEntropy(2, 3, six, [0, 3], new float[6]));
        Assert.ThrowsAny<ArgumentException>(() => Kernels.Update(Optimizer.Adam(), six, six, five, five));
    }

    private static float[] Normal(ulong seed, int count)
    {
        float[] values = new float[count];
        Kernels.RandomNormal(seed, 0, values);
        return values;
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        float greatest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance * greatest));
    }
}
