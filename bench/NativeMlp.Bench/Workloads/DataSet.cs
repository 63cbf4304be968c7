// SPDX-License-Identifier: MIT
using System.Numerics.Tensors;

namespace NativeMlp.Bench.Workloads;

/// <summary>Rows that do not fit in the caches, and an order to visit them in.</summary>
internal sealed class DataSet
{
    public DataSet(int rows, int inputs, int classes)
    {
        Rows = rows;
        Bytes = RandomData.Bytes(rows * inputs, seed: 3);
        Labels = RandomData.Labels(rows, classes);
        Mean = new float[inputs];
        Array.Fill(Mean, 127.5f);
        Order = new int[rows];
        Kernels.RandomPermutation(seed: 1, stream: 0, Order);
    }

    public int Rows { get; }

    public byte[] Bytes { get; }

    /// <summary>The same values; made when first asked for, since they take four times the memory.</summary>
    public float[] Floats => field ??= ToFloats(Bytes);

    public int[] Labels { get; }

    public float[] Mean { get; }

    public float Scale { get; } = 1 / 128f;

    public int[] Order { get; }

    private static float[] ToFloats(byte[] bytes)
    {
        float[] floats = new float[bytes.Length];
        TensorPrimitives.ConvertTruncating<byte, float>(bytes, floats);
        return floats;
    }
}
