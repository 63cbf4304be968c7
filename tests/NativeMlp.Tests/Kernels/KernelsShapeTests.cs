// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests;

/// <summary>Products and layers of many shapes against plain loops in double, with gaps between rows and any number of threads.</summary>
public sealed class KernelsShapeTests
{
    private const float Gap = 12345;

    public static TheoryData<int, int, int> Shapes() => new()
    {
        { 1, 1, 1 }, { 1, 17, 5 }, { 5, 16, 33 }, { 7, 15, 64 }, { 13, 33, 31 }, { 64, 10, 257 }, { 130, 67, 129 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gemm_OfAnyShape_IsTheProductForAnyThreads(int m, int n, int k)
    {
        int lda = k + 3, ldb = n + 2, ldc = n + 1;
        float[] a = TestData.Normal(1, m * lda), b = TestData.Normal(2, k * ldb);
        float[]? before = null;
        foreach (int threads in new[] { 1, 2, 3, 5 })
        {
            float[] c = [.. Enumerable.Repeat(Gap, m * ldc)];
            Kernels.Gemm(m, n, k, a, b, c, lda: lda, ldb: ldb, ldc: ldc, threads: threads);
            CheckProduct(m, n, k, a, lda, b, ldb, c, ldc);
            Assert.Equal(before ?? c, c);
            before = c;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void DenseForward_OfAnyShape_IsTheProductWithBiasAndActivation(int m, int n, int k)
    {
        float[] x = TestData.Normal(1, m * k), w = TestData.Normal(2, k * n), bias = TestData.Normal(3, n);
        float[] linear = new float[m * n], relu = new float[m * n], product = new float[m * n], later = new float[m * n];
        Kernels.DenseForward(m, n, k, x, w, bias, linear);
        Kernels.DenseForward(m, n, k, x, w, bias, relu, Activation.Relu);
        Kernels.Relu(linear, later);
        Assert.Equal(later, relu); // fused or not: the same bits
        Kernels.Gemm(m, n, k, x, w, product);
        for (int i = 0; i < m * n; i++)
            Assert.Equal(product[i] + bias[i % n], linear[i], 1e-5f * (1 + k));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void DenseBackward_OfAnyShape_IsTheThreeProducts(int m, int n, int k)
    {
        float[] x = TestData.Normal(1, m * k), w = TestData.Normal(2, k * n), y = TestData.Normal(3, m * n), dy = TestData.Normal(4, m * n);
        float[] dz = [.. dy], dx = new float[m * k], dw = new float[k * n], db = new float[n];
        Kernels.DenseBackward(m, n, k, x, w, y, dz, dx, dw, db, Activation.Relu);
        Assert.All(Enumerable.Range(0, m * n), i => Assert.Equal(y[i] > 0 ? dy[i] : 0, dz[i]));
        float[] dwExpected = new float[k * n], dxExpected = new float[m * k], wanted = [.. dy];
        Kernels.Gemm(k, n, m, x, dz, dwExpected, transposeA: true);
        Kernels.Gemm(m, k, n, dz, w, dxExpected, transposeB: true);
        Assert.Equal(dwExpected, dw);
        Assert.Equal(dxExpected, dx);
        Assert.All(Enumerable.Range(0, n), j => Assert.Equal(Enumerable.Range(0, m).Sum(i => (double)dz[(i * n) + j]), db[j], 1e-5 * m));
        float[] only = new float[n];
        Kernels.DenseBackward(m, n, k, x, w, y, wanted, [], [], only, Activation.Relu); // what is not wanted is left out
        Assert.Equal(db, only);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(257)]
    public void Softmax_OfRowsWithGaps_SumsToOne(int n)
    {
        const int m = 6;
        int ld = n + 5;
        float[] x = TestData.Normal(7, m * ld), y = [.. Enumerable.Repeat(Gap, m * ld)];
        Kernels.Softmax(m, n, x, y, ldx: ld, ldy: ld);
        for (int i = 0; i < m; i++)
        {
            Assert.Equal(1, y.Skip(i * ld).Take(n).Sum(value => (double)value), 1e-5);
            Assert.All(y.Skip((i * ld) + n).Take(5), value => Assert.Equal(Gap, value));
            double norm = x.Skip(i * ld).Take(n).Sum(value => Math.Exp(value));
            Assert.Equal(Math.Exp(x[i * ld]) / norm, y[i * ld], 1e-5);
        }
    }

    [Fact]
    public void SinCosPi_OnAGrid_IsSineAndCosine()
    {
        float[] x = [.. Enumerable.Range(-400, 801).Select(i => i / 64f)], s = new float[x.Length], c = new float[x.Length];
        Kernels.SinCosPi(x, s, c);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(Math.Sin(Math.PI * x[i]), s[i], 3e-7);
            Assert.Equal(Math.Cos(Math.PI * x[i]), c[i], 3e-7);
            Assert.True(x[i] != MathF.Round(x[i]) || s[i] == 0, $"sin {x[i]}π is {s[i]}");
        }
    }

    [Fact]
    public void Random_AtAnOffset_IsThePartOfTheWhole()
    {
        float[] whole = new float[1000], part = new float[300];
        Kernels.RandomUniform(5, 6, whole, -2, 3);
        Kernels.RandomUniform(5, 6, part, -2, 3, offset: 437);
        Assert.Equal(whole.AsSpan(437, 300).ToArray(), part);
        Assert.All(whole, value => Assert.InRange(value, -2f, 3f));
        Kernels.RandomNormal(5, 6, whole, 10, 2);
        Kernels.RandomNormal(5, 6, part, 10, 2, offset: 437);
        Assert.Equal(whole.AsSpan(437, 300).ToArray(), part);
        Assert.Equal(10, whole.Average(), 0.3);
        Assert.Equal(4, whole.Average(value => (value - 10) * (value - 10)), 0.8);
    }

    private static void CheckProduct(int m, int n, int k, float[] a, int lda, float[] b, int ldb, float[] c, int ldc)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = 0, size = 0;
                for (int p = 0; p < k; p++)
                {
                    double product = (double)a[(i * lda) + p] * b[(p * ldb) + j];
                    sum += product;
                    size += Math.Abs(product);
                }

                Assert.Equal(sum, c[(i * ldc) + j], 1.2e-7 * (k + 1) * size);
            }

            Assert.Equal(Gap, c[(i * ldc) + n]);
        }
    }
}
