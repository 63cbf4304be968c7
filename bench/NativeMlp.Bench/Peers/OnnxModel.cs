// SPDX-License-Identifier: MIT
#if ONNX_PEER
using System.Runtime.InteropServices;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Peers;

/// <summary>Networks as ONNX models: <c>Gemm</c> and <c>Relu</c> with random weights and a free number of rows. The numbers
/// are those of the fields in onnx.proto.</summary>
internal static class OnnxModel
{
    public const string Input = "x";
    public const string Output = "y";

    private const int IrVersion = 8;
    private const int OperatorSet = 13;
    private const int Float = 1;

    /// <summary>ReLU between the layers, none after the last.</summary>
    public static byte[] Classifier(int[] sizes) => Model(sizes, reluAtEnd: false);

    /// <summary>One layer with ReLU.</summary>
    public static byte[] ReluLayer(int inputs, int outputs) => Model([inputs, outputs], reluAtEnd: true);

    private static byte[] Model(int[] sizes, bool reluAtEnd)
    {
        ProtobufWriter model = new();
        model.Integer(1, IrVersion);
        model.Message(7, Graph(sizes, reluAtEnd));
        ProtobufWriter operatorSet = new();
        operatorSet.Text(1, "");
        operatorSet.Integer(2, OperatorSet);
        model.Message(8, operatorSet);
        return model.ToArray();
    }

    private static ProtobufWriter Graph(int[] sizes, bool reluAtEnd)
    {
        ProtobufWriter graph = new();
        string from = Input;
        for (int layer = 0; layer < sizes.Length - 1; layer++)
        {
            bool last = layer == sizes.Length - 2, relu = !last || reluAtEnd;
            string weight = $"w{layer}", bias = $"b{layer}", sum = last && !relu ? Output : $"sum{layer}";
            graph.Message(1, Node("Gemm", [from, weight, bias], sum));
            from = sum;
            if (relu)
            {
                from = last ? Output : $"relu{layer}";
                graph.Message(1, Node("Relu", [sum], from));
            }

            graph.Message(5, Tensor(weight, RandomData.Floats(sizes[layer] * sizes[layer + 1], layer), sizes[layer], sizes[layer + 1]));
            graph.Message(5, Tensor(bias, new float[sizes[layer + 1]], sizes[layer + 1]));
        }

        graph.Text(2, "mlp");
        graph.Message(11, Rows(Input, sizes[0]));
        graph.Message(12, Rows(Output, sizes[^1]));
        return graph;
    }

    private static ProtobufWriter Node(string operation, string[] inputs, string output)
    {
        ProtobufWriter node = new();
        foreach (string input in inputs) node.Text(1, input);
        node.Text(2, output);
        node.Text(4, operation);
        return node;
    }

    private static ProtobufWriter Tensor(string name, float[] values, params ReadOnlySpan<int> dimensions)
    {
        ProtobufWriter tensor = new();
        foreach (int dimension in dimensions) tensor.Integer(1, dimension);
        tensor.Integer(2, Float);
        tensor.Text(8, name);
        tensor.Bytes(9, MemoryMarshal.AsBytes<float>(values));
        return tensor;
    }

    // [n × columns], n left open.
    private static ProtobufWriter Rows(string name, int columns)
    {
        ProtobufWriter rows = new(), width = new(), shape = new(), tensor = new(), type = new(), value = new();
        rows.Text(2, "n");
        width.Integer(1, columns);
        shape.Message(1, rows);
        shape.Message(1, width);
        tensor.Integer(1, Float);
        tensor.Message(2, shape);
        type.Message(1, tensor);
        value.Text(1, name);
        value.Message(2, type);
        return value;
    }
}
#endif
