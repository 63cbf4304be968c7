// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Graphs;
using NativeMlp.Storage;

namespace NativeMlp.Onnx.Export;

/// <summary>Writes the layers of a network as operators, as they predict: dropout is not there, and batch normalisation is part of
/// the weights.</summary>
internal sealed class NetworkGraph(GraphBuilder graph, Mlp network, string prefix)
{
    /// <summary>Adds the layers.</summary>
    /// <param name="value">The rows, <c>[rows × inputs]</c>.</param>
    /// <returns>The scores, <c>[rows × outputs]</c>.</returns>
    public string Add(string value)
    {
        for (int layer = 0; layer < network.Layers.Count; layer++) value = AddLayer(layer, value);
        return value;
    }

    private string AddLayer(int layer, string value)
    {
        LayerShape shape = network.Layers[layer];
        string name = $"{prefix}layers.{layer}";
        float[] weight = Read(layer, LayerTensor.Weight), bias = Read(layer, LayerTensor.Bias);
        if (shape.Norm == Norm.Batch) FoldNorm(layer, weight, bias);
        value = graph.Node("Gemm", $"{name}.sums",
            [value, graph.Floats($"{name}.weight", weight, shape.Inputs, shape.Width), graph.Floats($"{name}.bias", bias, shape.Width)]);
        if (shape.Norm == Norm.Layer) value = AddLayerNorm(layer, name, value);
        return new ActivationGraph(graph, name).Add(shape, value);
    }

    private string AddLayerNorm(int layer, string name, string value) => graph.NewerNode("LayerNormalization", version: 17, $"{name}.normalized",
        [
            value, graph.Floats($"{name}.norm.weight", Read(layer, LayerTensor.Gamma), network.Layers[layer].Width),
            graph.Floats($"{name}.norm.bias", Read(layer, LayerTensor.Beta), network.Layers[layer].Width),
        ],
        OnnxAttribute.Of("axis", -1L), OnnxAttribute.Of("epsilon", (float)network.Options.NormEpsilon));

    // γ·(x·W + b − μ)/√(σ² + ε) + β = x·(W·s) + (b − μ)·s + β, with s = γ/√(σ² + ε).
    private void FoldNorm(int layer, float[] weight, float[] bias)
    {
        float[] gamma = Read(layer, LayerTensor.Gamma), beta = Read(layer, LayerTensor.Beta);
        float[] mean = Read(layer, LayerTensor.RunningMean), variance = Read(layer, LayerTensor.RunningVariance);
        for (int j = 0; j < bias.Length; j++)
        {
            double scale = gamma[j] / Math.Sqrt((double)variance[j] + (float)network.Options.NormEpsilon);
            for (int at = j; at < weight.Length; at += bias.Length) weight[at] = (float)(weight[at] * scale);
            bias[j] = (float)((((double)bias[j] - mean[j]) * scale) + beta[j]);
        }
    }

    private float[] Read(int layer, LayerTensor which) => CheckpointTensors.Read(network, TensorKind.Parameter, layer, which);
}
