// SPDX-License-Identifier: MIT
namespace NativeMlp.Bench.Workloads;

/// <summary>Data to compute with. Timing does not depend on the values, so long as none is denormal or infinite.</summary>
internal static class RandomData
{
    /// <summary>Uniform on [−½, ½).</summary>
    public static float[] Floats(int length, int seed)
    {
        float[] values = new float[length];
        Kernels.RandomUniform((ulong)seed, stream: 0, values, -0.5f, 0.5f);
        return values;
    }

    public static byte[] Bytes(int length, int seed)
    {
        byte[] values = new byte[length];
        new Random(seed).NextBytes(values);
        return values;
    }

    public static int[] Labels(int rows, int classes)
    {
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) labels[row] = row % classes;
        return labels;
    }
}
