// SPDX-License-Identifier: MIT
#if ONNX_PEER
using NativeMlp.Bench.Workloads;
using NativeMlp.Onnx;

namespace NativeMlp.Bench.Peers;

/// <summary>Networks as ONNX models: <c>Gemm</c> and <c>Relu</c> with random weights and a free number of rows. They are written as
/// regressions, whose graphs have the layers and nothing else.</summary>
internal static class OnnxModel
{
    public const string Input = "input";
    public const string Output = "prediction";

    /// <summary>ReLU between the layers, none after the last.</summary>
    public static byte[] Classifier(int[] sizes) => Model(sizes, Activation.Identity);

    /// <summary>One layer with ReLU.</summary>
    public static byte[] ReluLayer(int inputs, int outputs) => Model([inputs, outputs], Activation.Relu);

    private static byte[] Model(int[] sizes, Activation last)
    {
        using Mlp mlp = new(new MlpOptions
        {
            Inputs = sizes[0],
            Hidden = sizes[1..^1],
            Outputs = sizes[^1],
            Layers = [.. sizes[1..^1].Select(_ => Layer(Activation.Relu)), Layer(last)],
            Loss = Loss.MeanSquaredError,
        });
        for (int layer = 0; layer < sizes.Length - 1; layer++)
            mlp.WriteWeights(layer, RandomData.Floats(sizes[layer] * sizes[layer + 1], layer));
        return OnnxExport.ToBytes(mlp);
    }

    private static LayerOptions Layer(Activation activation) => new() { Activation = activation, Initialization = Initialization.Zeros };
}
#endif
