// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Graphs;

namespace NativeMlp.Onnx.Export;

/// <summary>Writes activations as operators that opset 13 has.</summary>
internal sealed class ActivationGraph(GraphBuilder graph, string name)
{
    /// <summary>Adds the activation of a layer.</summary>
    public string Add(LayerShape layer, string value) => layer.Activation switch
    {
        Activation.Identity => value,
        Activation.Relu => Node("Relu", "relu", [value]),
        Activation.LeakyRelu => Node("LeakyRelu", "leaky_relu", [value], OnnxAttribute.Of("alpha", (float)layer.ActivationAlpha)),
        Activation.Sigmoid => Node("Sigmoid", "sigmoid", [value]),
        Activation.Tanh => Node("Tanh", "tanh", [value]),
        Activation.Elu => Node("Elu", "elu", [value], OnnxAttribute.Of("alpha", (float)layer.ActivationAlpha)),
        Activation.Gelu => Gelu(value),
        Activation.GeluTanh => GeluTanh(value),
        Activation.Softplus => Node("Softplus", "softplus", [value]),
        Activation.Silu => Node("Mul", "silu", [value, Node("Sigmoid", "silu.sigmoid", [value])]),
        Activation.Maxout => Maxout(layer, value),
        _ => throw new ArgumentOutOfRangeException(nameof(layer), layer.Activation, "There are no operators for this activation."),
    };

    // x·(1 + erf(x/√2))/2
    private string Gelu(string value)
    {
        string part = Node("Erf", "gelu.erf", [Node("Div", "gelu.scaled", [value, Number("gelu.root2", 1.4142135623730951)])]);
        return Half("gelu", value, part);
    }

    // x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2
    private string GeluTanh(string value)
    {
        string cube = Node("Mul", "gelu.cube", [Node("Mul", "gelu.square", [value, value]), value]);
        string sum = Node("Add", "gelu.sum", [value, Node("Mul", "gelu.part", [cube, Number("gelu.factor", 0.044715)])]);
        return Half("gelu", value, Node("Tanh", "gelu.tanh", [Node("Mul", "gelu.scaled", [sum, Number("gelu.slope", 0.7978845608028654)])]));
    }

    private string Half(string activation, string value, string part) => Node("Mul", activation,
        [
            Node("Mul", $"{activation}.half", [value, Number($"{activation}.one_half", 0.5)]),
            Node("Add", $"{activation}.normal", [part, Number($"{activation}.one", 1)]),
        ]);

    // Column p·n + j is piece p of output j; a size of 0 stands for that of the input.
    private string Maxout(LayerShape layer, string value)
    {
        string pieces = Node("Reshape", "maxout.pieces", [value, graph.Integers($"{name}.maxout.shape", 0, layer.Pieces, layer.Outputs)]);
        return Node("ReduceMax", "maxout", [pieces], OnnxAttribute.Of("axes", (IReadOnlyList<long>)[1]), OnnxAttribute.Of("keepdims", 0L));
    }

    private string Node(string op, string step, IReadOnlyList<string> inputs, params IReadOnlyList<OnnxAttribute> attributes) =>
        graph.Node(op, $"{name}.{step}", inputs, attributes);

    private string Number(string constant, double value) => graph.Floats($"{name}.{constant}", [(float)value]);
}
