// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using NativeMlp.Data;

namespace NativeMlp.Onnx.Graphs;

/// <summary>Reads the message <c>ModelProto</c> of onnx.proto.</summary>
internal static class OnnxReader
{
    private const int MostTensors = 100_000;

    /// <summary>Reads a file.</summary>
    /// <exception cref="DataFormatException">It is no model.</exception>
    public static OnnxModel Read(string path)
    {
        long length = new FileInfo(path).Length;
        if (length > Array.MaxLength) throw new DataFormatException(path, $"it has {length} bytes; an ONNX model has at most 2 GiB in one file.");
        try
        {
            return Model(File.ReadAllBytes(path));
        }
        catch (InvalidDataException e)
        {
            throw new DataFormatException(path, $"it is not a valid ONNX model: {e.Message}.", e);
        }
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <exception cref="InvalidDataException">They are no model.</exception>
    public static OnnxModel Model(ReadOnlyMemory<byte> bytes)
    {
        OnnxGraph? graph = null;
        List<OnnxOperatorSet> sets = [];
        List<KeyValuePair<string, string>> metadata = [];
        for (ProtoReader reader = new(bytes); reader.Next();)
        {
            if (reader.Field == 7) graph = Graph(reader.Message);
            else if (reader.Field == 8) sets.Add(OperatorSet(reader.Message));
            else if (reader.Field == 14) metadata.Add(Property(reader.Message));
        }

        if (graph is null) throw new InvalidDataException("it has no graph");
        return new OnnxModel(graph, sets) { Metadata = metadata };
    }

    private static OnnxOperatorSet OperatorSet(ReadOnlyMemory<byte> bytes)
    {
        OnnxOperatorSet set = new("", 1);
        for (ProtoReader reader = new(bytes); reader.Next();)
        {
            if (reader.Field == 1) set = set with { Domain = reader.Text };
            else if (reader.Field == 2) set = set with { Version = reader.Integer };
        }

        return set;
    }

    private static KeyValuePair<string, string> Property(ReadOnlyMemory<byte> bytes)
    {
        string key = "", value = "";
        for (ProtoReader reader = new(bytes); reader.Next();)
        {
            if (reader.Field == 1) key = reader.Text;
            else if (reader.Field == 2) value = reader.Text;
        }

        return new(key, value);
    }

    private static OnnxGraph Graph(ReadOnlyMemory<byte> bytes)
    {
        List<OnnxNode> nodes = [];
        List<OnnxTensor> constants = [];
        List<OnnxValue> inputs = [], outputs = [];
        for (ProtoReader reader = new(bytes); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1: nodes.Add(Node(reader.Message)); break;
                case 5: constants.Add(Tensor(reader.Message)); break;
                case 11: inputs.Add(Value(reader.Message)); break;
                case 12: outputs.Add(Value(reader.Message)); break;
            }

            if (nodes.Count + constants.Count > MostTensors) throw new InvalidDataException($"it has more than {MostTensors} nodes and constants");
        }

        return new OnnxGraph(nodes, constants, inputs, outputs);
    }

    private static OnnxNode Node(ReadOnlyMemory<byte> bytes)
    {
        string op = "", name = "", domain = "";
        List<string> inputs = [], outputs = [];
        List<OnnxAttribute> attributes = [];
        for (ProtoReader reader = new(bytes); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1: inputs.Add(reader.Text); break;
                case 2: outputs.Add(reader.Text); break;
                case 3: name = reader.Text; break;
                case 4: op = reader.Text; break;
                case 5: attributes.Add(Attribute(reader.Message)); break;
                case 7: domain = reader.Text; break;
            }
        }

        return new OnnxNode(op, domain == "ai.onnx" ? "" : domain, name, inputs, outputs, attributes);
    }

    private static OnnxAttribute Attribute(ReadOnlyMemory<byte> bytes)
    {
        OnnxAttribute attribute = new("");
        List<long> integers = [];
        List<float> numbers = [];
        for (ProtoReader reader = new(bytes); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1: attribute = attribute with { Name = reader.Text }; break;
                case 2: attribute = attribute with { Number = reader.Number }; break;
                case 3: attribute = attribute with { Integer = reader.Integer }; break;
                case 4: attribute = attribute with { Text = reader.Text }; break;
                case 5: attribute = attribute with { Tensor = Tensor(reader.Message) }; break;
                case 7: numbers.AddRange(Numbers(reader)); break;
                case 8: reader.AddIntegers(integers); break;
            }
        }

        return attribute with { Integers = integers, Numbers = numbers };
    }

    private static float[] Numbers(ProtoReader reader)
    {
        if (reader.Kind == ProtoWriter.FixedKind32) return [reader.Number];
        ReadOnlySpan<byte> packed = reader.Message.Span;
        float[] numbers = new float[packed.Length / sizeof(float)];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(packed[(i * sizeof(float))..]);
        return numbers;
    }

    private static OnnxTensor Tensor(ReadOnlyMemory<byte> bytes)
    {
        string name = "";
        ElementType type = default;
        List<long> sizes = [];
        TensorBytes content = new();
        bool external = false;
        for (ProtoReader reader = new(bytes); reader.Next();)
        {
            switch (reader.Field)
            {
                case 1: reader.AddIntegers(sizes); break;
                case 2: type = (ElementType)Math.Clamp(reader.Integer, 0, int.MaxValue); break;
                case 8: name = reader.Text; break;
                case 13: external = true; break;
                default: content.Add(reader); break;
            }
        }

        return new OnnxTensor(name, type, sizes, content.ToBytes(type)) { IsExternal = external };
    }

    private static OnnxValue Value(ReadOnlyMemory<byte> bytes)
    {
        OnnxValue value = new("", default, []);
        for (ProtoReader reader = new(bytes); reader.Next();)
        {
            if (reader.Field == 1) value = value with { Name = reader.Text };
            else if (reader.Field == 2) value = Type(reader.Message, value);
        }

        return value;
    }

    private static OnnxValue Type(ReadOnlyMemory<byte> bytes, OnnxValue value)
    {
        for (ProtoReader type = new(bytes); type.Next();)
        {
            if (type.Field != 1) continue;
            for (ProtoReader tensor = new(type.Message); tensor.Next();)
            {
                if (tensor.Field == 1) value = value with { Type = (ElementType)Math.Clamp(tensor.Integer, 0, int.MaxValue) };
                else if (tensor.Field == 2) value = value with { Sizes = Shape(tensor.Message) };
            }
        }

        return value;
    }

    private static List<OnnxSize> Shape(ReadOnlyMemory<byte> bytes)
    {
        List<OnnxSize> sizes = [];
        for (ProtoReader shape = new(bytes); shape.Next();)
        {
            if (shape.Field != 1) continue;
            OnnxSize size = default;
            for (ProtoReader dimension = new(shape.Message); dimension.Next();)
            {
                if (dimension.Field == 1) size = size with { Value = dimension.Integer };
                else if (dimension.Field == 2) size = size with { Name = dimension.Text };
            }

            sizes.Add(size);
        }

        return sizes;
    }
}
