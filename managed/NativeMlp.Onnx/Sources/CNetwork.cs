// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Storage;

namespace NativeMlp.Onnx.Sources;

/// <summary>Writes a network as a C function that computes its scores, operation by operation as the library's scalar kernels do.</summary>
internal sealed class CNetwork(CWriter writer, Mlp network, int number)
{
    private readonly string _function = string.Create(CultureInfo.InvariantCulture, $"{writer.Prefix}_network_{number}");

    /// <summary>Adds the function <c>void f(const float *x, float *y)</c>.</summary>
    /// <returns>Its name.</returns>
    public string Add()
    {
        writer.Need("fma", "dense");
        string[][] steps = [.. Enumerable.Range(0, network.Layers.Count).Select(Steps)];
        int widest = network.Layers.Max(layer => layer.Width);
        writer.Line();
        writer.Line($"static inline void {_function}(const float *x, float *y)");
        writer.Line("{");
        writer.Line(string.Create(CultureInfo.InvariantCulture, $"    float a[{widest}], b[{widest}];"));
        foreach (string step in steps.SelectMany(step => step)) writer.Line("    " + step);
        writer.Line(string.Create(CultureInfo.InvariantCulture, $"    memcpy(y, {Area(network.Layers.Count - 1)}, {network.Outputs} * sizeof *y);"));
        if (network.Layers.Count == 1) writer.Line("    (void)b;");
        writer.Line("}");
        return _function;
    }

    private string[] Steps(int layer)
    {
        LayerShape shape = network.Layers[layer];
        string area = Area(layer), input = layer == 0 ? "x" : Area(layer - 1);
        List<string> steps = [Text($"{writer.Prefix}_dense({shape.Inputs}, {shape.Width}, {Table(layer, LayerTensor.Weight)}, {Table(layer, LayerTensor.Bias)}, {input}, {area});")];
        if (shape.Norm == Norm.Layer)
        {
            writer.Need("sum", "layer_norm");
            steps.Add(Text($"{writer.Prefix}_layer_norm({shape.Width}, {Table(layer, LayerTensor.Gamma)}, {Table(layer, LayerTensor.Beta)}, {CText.Number((float)network.Options.NormEpsilon)}, {area});"));
        }
        else if (shape.Norm == Norm.Batch)
        {
            writer.Need("batch_norm");
            steps.Add(Text($"{writer.Prefix}_batch_norm({shape.Width}, {Table(layer, LayerTensor.Gamma)}, {Table(layer, LayerTensor.Beta)}, {Table(layer, LayerTensor.RunningMean)}, {InverseDeviation(layer)}, {area});"));
        }

        if (shape.Activation == Activation.Maxout)
        {
            writer.Need("maxout");
            steps.Add(Text($"{writer.Prefix}_maxout({shape.Outputs}, {shape.Pieces}, {area});"));
        }
        else if (Value(shape, $"{area}[j]") is { } value)
        {
            steps.Add(Text($"for (int j = 0; j < {shape.Width}; j++) {area}[j] = {value};"));
        }

        return [.. steps];
    }

    private string? Value(LayerShape shape, string x)
    {
        string p = writer.Prefix, alpha = CText.Number((float)shape.ActivationAlpha);
        writer.Need(shape.Activation switch
        {
            Activation.Sigmoid => ["exp", "sigmoid"],
            Activation.Tanh => ["exp", "tanh"],
            Activation.LeakyRelu => ["product"],
            Activation.Elu => ["product", "exp", "expm1"],
            Activation.Gelu => ["product", "exp", "erf", "gelu"],
            Activation.GeluTanh => ["product", "exp", "sigmoid", "gelu_tanh"],
            Activation.Softplus => ["exp", "log1p", "softplus"],
            Activation.Silu => ["product", "exp", "sigmoid"],
            _ => (string[])[],
        });
        return shape.Activation switch
        {
            Activation.Relu => $"0.0f > {x} ? 0.0f : {x}",
            Activation.LeakyRelu => $"0.0f < {x} ? {x} : {p}_product({alpha}, {x})",
            Activation.Sigmoid => $"{p}_sigmoid({x})",
            Activation.Tanh => $"{p}_tanh({x})",
            Activation.Elu => $"0.0f < {x} ? {x} : {p}_product({alpha}, {p}_expm1({x}))",
            Activation.Gelu => $"{p}_gelu({x})",
            Activation.GeluTanh => $"{p}_gelu_tanh({x})",
            Activation.Softplus => $"{p}_softplus({x})",
            Activation.Silu => $"{p}_product({x}, {p}_sigmoid({x}))",
            _ => null,
        };
    }

    // A square root less at run time, and the same bits.
    private string InverseDeviation(int layer)
    {
        float epsilon = (float)network.Options.NormEpsilon;
        float[] inverse = Array.ConvertAll(Read(layer, LayerTensor.RunningVariance), variance => 1.0f / MathF.Sqrt(variance + epsilon));
        return writer.Floats(Text($"inverse_{number}_{layer}"), Finite(inverse, layer, LayerTensor.RunningVariance));
    }

    private string Table(int layer, LayerTensor which) => writer.Floats(Text($"{which switch
    {
        LayerTensor.Weight => "weight",
        LayerTensor.Bias => "bias",
        LayerTensor.Gamma => "gamma",
        LayerTensor.Beta => "beta",
        _ => "mean",
    }}_{number}_{layer}"), Read(layer, which));

    private float[] Read(int layer, LayerTensor which) => Finite(CheckpointTensors.Read(network, TensorKind.Parameter, layer, which), layer, which);

    // C has no constant for the others.
    private static float[] Finite(float[] values, int layer, LayerTensor which)
    {
        int bad = Array.FindIndex(values, value => !float.IsFinite(value));
        return bad < 0 ? values : throw new ArgumentException(Text(
            $"Element {bad} of the {which} of layer {layer} gives {values[bad]}; only a network whose numbers are all finite can be written as C."));
    }

    private static string Area(int layer) => layer % 2 == 0 ? "a" : "b";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
