// SPDX-License-Identifier: MIT
namespace NativeMlp.Bench.Workloads;

/// <summary>Data to compute with. Timing does not depend on the values, so long as none is denormal or infinite; but
/// NativeMlp leaves zeros of a single row out.</summary>
internal static class RandomData
{
    /// <summary>Rows to train with or to predict.</summary>
    public static float[] Features(Network network, int rows)
    {
        float[] values = Floats(rows * network.Inputs, seed: 3), lots = Floats(values.Length, seed: 4);
        for (int i = 0; i < values.Length; i++)
            if (lots[i] + 0.5f < network.ZeroInputs) values[i] = 0;
        return values;
    }

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
