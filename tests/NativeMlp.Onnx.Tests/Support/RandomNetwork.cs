// SPDX-License-Identifier: MIT
namespace NativeMlp.Onnx.Tests.Support;

/// <summary>Networks of any depth, width, activation, norm and loss, with parameters that no initialisation would give.</summary>
internal static class RandomNetwork
{
    /// <summary>Makes the options of a network.</summary>
    public static MlpOptions Options(Random random)
    {
        int[] hidden = [.. Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(1, 40))];
        return new MlpOptions
        {
            Inputs = random.Next(1, 30),
            Hidden = hidden,
            Outputs = random.Next(1, 20),
            Layers = [.. hidden.Select(_ => Layer(random, last: false)), Layer(random, last: true)],
            Loss = Any<Loss>(random),
            NormEpsilon = random.Next(2) == 0 ? 1e-5 : 1e-2,
            Seed = (ulong)random.Next(),
        };
    }

    /// <summary>Makes a network: biases, norms and running statistics are drawn, too.</summary>
    public static Mlp Make(MlpOptions options, Random random)
    {
        Mlp network = new(options);
        for (int layer = 0; layer < network.Layers.Count; layer++)
        {
            foreach (LayerTensor which in network.Layers[layer].Tensors.Where(which => which != LayerTensor.Weight))
            {
                float[] values = new float[network.Layers[layer].LengthOf(which)];
                for (int i = 0; i < values.Length; i++)
                    values[i] = which is LayerTensor.RunningVariance or LayerTensor.Gamma ? 0.25f + random.NextSingle() : random.NextSingle() - 0.5f;
                network.Write(TensorKind.Parameter, layer, which, values);
            }
        }

        return network;
    }

    /// <summary>Numbers around 0.</summary>
    public static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 4) - 2)];

    private static LayerOptions Layer(Random random, bool last) => new()
    {
        Activation = last && random.Next(3) > 0 ? Activation.Identity : Any<Activation>(random),
        ActivationAlpha = random.Next(2) == 0 ? null : random.NextDouble(),
        Pieces = random.Next(2, 5),
        Norm = last && random.Next(2) == 0 ? Norm.None : Any<Norm>(random),
        Dropout = random.Next(2) == 0 ? 0 : 0.3,
    };

    private static T Any<T>(Random random) where T : struct, Enum => Enum.GetValues<T>()[random.Next(Enum.GetValues<T>().Length)];
}
