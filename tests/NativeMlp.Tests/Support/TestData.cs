// SPDX-License-Identifier: MIT
namespace NativeMlp.Tests.Support;

/// <summary>Numbers for tests, from the library's own generator: the same in every run.</summary>
internal static class TestData
{
    public static float[] Normal(ulong seed, int count)
    {
        float[] values = new float[count];
        Kernels.RandomNormal(seed, 0, values);
        return values;
    }

    public static int[] Labels(int count, int classes) => [.. Enumerable.Range(0, count).Select(i => i * 7 % classes)];

    /// <summary>All parameters of a network, layer by layer, weight then bias.</summary>
    public static float[] Parameters(Mlp mlp)
    {
        var all = new List<float>();
        for (int layer = 0; layer < mlp.Layers.Count; layer++)
        {
            float[] weight = new float[mlp.Layers[layer].LengthOf(LayerTensor.Weight)];
            float[] bias = new float[mlp.Layers[layer].LengthOf(LayerTensor.Bias)];
            mlp.ReadWeights(layer, weight);
            mlp.ReadBiases(layer, bias);
            all.AddRange(weight);
            all.AddRange(bias);
        }

        return [.. all];
    }
}
