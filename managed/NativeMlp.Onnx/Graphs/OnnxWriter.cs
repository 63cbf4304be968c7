// SPDX-License-Identifier: MIT
namespace NativeMlp.Onnx.Graphs;

/// <summary>Writes a model as the message <c>ModelProto</c> of onnx.proto, whose numbers of fields stand here.</summary>
internal static class OnnxWriter
{
    private const long IrVersion = 8;

    // A message of Protocol Buffers has at most 2 GiB; something is left for all that is no weight.
    private const long MostWeightBytes = int.MaxValue - (64L << 20);

    /// <summary>The bytes of a model.</summary>
    /// <exception cref="ArgumentException">Its weights do not fit into one file.</exception>
    public static byte[] Write(OnnxModel model)
    {
        CheckSize(model.Graph.Constants.Sum(constant => (long)constant.Bytes.Length));
        ProtoWriter writer = new();
        writer.Integer(1, IrVersion);
        writer.Text(2, "NativeMlp");
        writer.Text(3, typeof(Mlp).Assembly.GetName().Version?.ToString(3) ?? "");
        writer.Message(7, graph => Write(graph, model.Graph));
        foreach (OnnxOperatorSet set in model.OperatorSets)
        {
            writer.Message(8, message =>
            {
                message.Text(1, set.Domain);
                message.Integer(2, set.Version);
            });
        }

        foreach ((string name, string value) in model.Metadata)
        {
            writer.Message(14, message =>
            {
                message.Text(1, name);
                message.Text(2, value);
            });
        }

        return writer.ToArray();
    }

    /// <summary>Checks that weights fit into a file, before anything is made of them.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void CheckSize(long bytes)
    {
        if (bytes > MostWeightBytes)
            throw new ArgumentException($"The model has {bytes} bytes of weights; an ONNX file holds at most {MostWeightBytes}: export it as safetensors.");
    }

    private static void Write(ProtoWriter writer, OnnxGraph graph)
    {
        foreach (OnnxNode node in graph.Nodes) writer.Message(1, message => Write(message, node));
        writer.Text(2, "NativeMlp");
        foreach (OnnxTensor constant in graph.Constants) writer.Message(5, message => Write(message, constant));
        foreach (OnnxValue input in graph.Inputs) writer.Message(11, message => Write(message, input));
        foreach (OnnxValue output in graph.Outputs) writer.Message(12, message => Write(message, output));
    }

    private static void Write(ProtoWriter writer, OnnxNode node)
    {
        foreach (string input in node.Inputs) writer.Text(1, input);
        foreach (string output in node.Outputs) writer.Text(2, output);
        writer.Text(3, node.Name);
        writer.Text(4, node.Operator);
        foreach (OnnxAttribute attribute in node.Attributes) writer.Message(5, message => Write(message, attribute));
        if (node.Domain.Length > 0) writer.Text(7, node.Domain);
    }

    private static void Write(ProtoWriter writer, OnnxAttribute attribute)
    {
        writer.Text(1, attribute.Name);
        if (attribute.Kind == AttributeKind.Float) writer.Number(2, attribute.Number);
        if (attribute.Kind == AttributeKind.Int) writer.Integer(3, attribute.Integer);
        foreach (float number in attribute.Numbers) writer.Number(7, number);
        foreach (long integer in attribute.Integers) writer.Integer(8, integer);
        foreach (string text in attribute.Texts) writer.Text(9, text);
        writer.Integer(20, (long)attribute.Kind);
    }

    private static void Write(ProtoWriter writer, OnnxTensor tensor)
    {
        foreach (long size in tensor.Sizes) writer.Integer(1, size);
        writer.Integer(2, (long)tensor.Type);
        writer.Text(8, tensor.Name);
        writer.Bytes(9, tensor.Bytes);
    }

    private static void Write(ProtoWriter writer, OnnxValue value)
    {
        writer.Text(1, value.Name);
        writer.Message(2, type => type.Message(1, tensor =>
        {
            tensor.Integer(1, (long)value.Type);
            tensor.Message(2, shape =>
            {
                foreach (OnnxSize size in value.Sizes) shape.Message(1, message => Write(message, size));
            });
        }));
    }

    private static void Write(ProtoWriter writer, OnnxSize size)
    {
        if (size.Value is { } fixedSize) writer.Integer(1, fixedSize);
        else if (size.Name is { } name) writer.Text(2, name);
    }
}
