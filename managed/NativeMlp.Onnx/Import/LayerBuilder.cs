// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Onnx.Graphs;

namespace NativeMlp.Onnx.Import;

/// <summary>Puts layers together from the operations on the way through a graph: sums, what is added to or multiplied with them, and an
/// activation.</summary>
internal sealed class LayerBuilder(string path)
{
    private readonly List<LayerParts> _layers = [];
    private bool _open; // whether the last layer has no norm and no activation yet

    // What has been done to the features since the last activation: x·scale + shift.
    private double[]? _scale;
    private double[]? _shift;

    public IReadOnlyList<LayerParts> Layers => _layers;

    /// <summary>Whether the features were changed by what only the next layer's weights can hold.</summary>
    public bool HasPending => _scale is not null;

    /// <summary>Adds the sums of a layer.</summary>
    /// <param name="node">The node, for messages.</param>
    /// <param name="weight"><c>[inputs × outputs]</c>.</param>
    /// <param name="bias"><c>[outputs]</c>; null for none.</param>
    public void AddSums(OnnxNode node, Numbers weight, double[]? bias)
    {
        if (weight.Sizes is not [> 0 and var inputs, > 0 and var width]) throw Bad(node, $"its weight is [{string.Join(" × ", weight.Sizes)}], which is not a matrix");
        if (_layers.Count > 0 && _layers[^1].Outputs != inputs) throw Bad(node, $"its weight takes {inputs} values; the layer before it gives {_layers[^1].Outputs}");
        double[] values = weight.Values, sums = bias is null ? new double[width] : Each(node, bias, width);
        (values, sums) = WithPending(node, values, sums, inputs, width);
        _layers.Add(new LayerParts
        {
            Inputs = inputs,
            Width = width,
            Weight = Array.ConvertAll(values, value => (float)value),
            Bias = Array.ConvertAll(sums, value => (float)value),
        });
        _open = true;
    }

    /// <summary>Multiplies each column, then adds to it: to the sums, or to what their norm gives, or to the features of the next layer.</summary>
    public void Affine(OnnxNode node, double[] scale, double[] shift)
    {
        if (!_open)
        {
            Pend(node, scale, shift);
            return;
        }

        LayerParts layer = _layers[^1];
        (scale, shift) = (Each(node, scale, layer.Width), Each(node, shift, layer.Width));
        bool hasNorm = layer.Norm != Norm.None;
        float[] factors = hasNorm ? layer.NormTensors[LayerTensor.Gamma] : layer.Weight, terms = hasNorm ? layer.NormTensors[LayerTensor.Beta] : layer.Bias;
        for (int i = 0; i < factors.Length; i++) factors[i] = (float)(factors[i] * scale[i % layer.Width]);
        for (int j = 0; j < layer.Width; j++) terms[j] = (float)((terms[j] * scale[j]) + shift[j]);
    }

    /// <summary>Normalises the sums of each row.</summary>
    public void LayerNorm(OnnxNode node, double[] gamma, double[] beta)
    {
        LayerParts layer = OpenLayer(node);
        if (layer.Norm != Norm.None) throw Bad(node, "the layer is normalised already");
        layer.Norm = Norm.Layer;
        layer.NormTensors = new Dictionary<LayerTensor, float[]>
        {
            [LayerTensor.Gamma] = Array.ConvertAll(Each(node, gamma, layer.Width), value => (float)value),
            [LayerTensor.Beta] = Array.ConvertAll(Each(node, beta, layer.Width), value => (float)value),
        };
    }

    /// <summary>Ends a layer with its activation.</summary>
    public void Activate(OnnxNode node, Activation activation, double? alpha = null, int pieces = 1)
    {
        LayerParts layer = OpenLayer(node);
        if (layer.Width % pieces != 0) throw Bad(node, $"{layer.Width} sums cannot be divided into {pieces} pieces");
        (layer.Activation, layer.Alpha, layer.Pieces) = (activation, alpha, pieces);
        _open = false;
    }

    private LayerParts OpenLayer(OnnxNode node) => _open ? _layers[^1] : throw Bad(node, "it does not follow the sums of a layer (Gemm, or MatMul)");

    private void Pend(OnnxNode node, double[] scale, double[] shift)
    {
        int length = Math.Max(Math.Max(scale.Length, shift.Length), Math.Max(_scale?.Length ?? 1, _shift?.Length ?? 1));
        (scale, shift) = (Each(node, scale, length), Each(node, shift, length));
        double[] oldScale = Each(node, _scale ?? [1], length), oldShift = Each(node, _shift ?? [0], length);
        _scale = [.. oldScale.Zip(scale, (old, factor) => old * factor)];
        _shift = [.. oldShift.Select((old, j) => (old * scale[j]) + shift[j])];
    }

    // (x·s + t)·W + b = x·(s·W) + (b + t·W)
    private (double[] Weight, double[] Bias) WithPending(OnnxNode node, double[] weight, double[] bias, int inputs, int width)
    {
        if (_scale is null || _shift is null) return (weight, bias);
        double[] scale = Each(node, _scale, inputs), shift = Each(node, _shift, inputs), scaled = new double[weight.Length], sums = [.. bias];
        for (int i = 0; i < weight.Length; i++)
        {
            scaled[i] = scale[i / width] * weight[i];
            sums[i % width] += shift[i / width] * weight[i];
        }

        (_scale, _shift) = (null, null);
        return (scaled, sums);
    }

    private double[] Each(OnnxNode node, double[] values, int length) => values.Length == length ? values
        : values.Length == 1 ? [.. Enumerable.Repeat(values[0], length)]
        : throw Bad(node, $"its constant has {values.Length} elements; there are {length} columns");

    private DataFormatException Bad(OnnxNode node, string problem) => new(path, $"{node.Title} cannot be imported: {problem}.");
}
