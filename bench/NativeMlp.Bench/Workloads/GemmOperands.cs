// SPDX-License-Identifier: MIT
namespace NativeMlp.Bench.Workloads;

/// <summary>The matrices of a product, row-major, the same for every peer, and the judge of its result.</summary>
internal sealed class GemmOperands(GemmCase product)
{
    private const int Samples = 64;

    public GemmCase Case { get; } = product;

    public float[] A { get; } = RandomData.Floats(product.M * product.K, seed: 1);

    public float[] B { get; } = RandomData.Floats(product.K * product.N, seed: 2);

    public float[] C { get; } = new float[product.M * product.N];

    /// <summary>Compares some elements of <see cref="C"/> with double-precision sums.</summary>
    /// <exception cref="InvalidOperationException">One is wrong.</exception>
    public void Check() => Check((row, column) => C[row * Case.N + column]);

    /// <summary>Compares some elements with double-precision sums.</summary>
    /// <param name="element">The peer's result at (row, column).</param>
    /// <exception cref="InvalidOperationException">It is wrong.</exception>
    public void Check(Func<int, int, float> element)
    {
        Random random = new(5);
        (int aRow, int aColumn) = Case.StridesA;
        (int bRow, int bColumn) = Case.StridesB;
        for (int sample = 0; sample < Samples; sample++)
        {
            int row = random.Next(Case.M), column = random.Next(Case.N);
            double sum = 0;
            for (int p = 0; p < Case.K; p++)
                sum += (double)A[row * aRow + p * aColumn] * B[p * bRow + column * bColumn];
            double off = Math.Abs(sum - element(row, column));
            if (!(off < 1e-4 * (1 + Math.Sqrt(Case.K))))
                throw new InvalidOperationException($"wrong result: element ({row}, {column}) is off by {off:G3}");
        }
    }
}
