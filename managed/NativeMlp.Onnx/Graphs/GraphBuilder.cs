// SPDX-License-Identifier: MIT
using System.Buffers.Binary;
using System.Globalization;

namespace NativeMlp.Onnx.Graphs;

/// <summary>Builds a graph node by node; every name in it is used once.</summary>
internal sealed class GraphBuilder(OnnxSize batch)
{
    private const int PlainVersion = 13;
    private const int MlVersion = 2;

    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxTensor> _constants = [];
    private readonly List<OnnxValue> _inputs = [];
    private readonly List<OnnxValue> _outputs = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private long _version = PlainVersion;

    /// <summary>Takes a name for an output, so that nothing else gets it.</summary>
    public void Reserve(string name) => _names.Add(name);

    /// <summary>Adds an input <c>[batch × columns]</c>.</summary>
    /// <returns>Its name.</returns>
    public string Input(string name, ElementType type, long columns)
    {
        string unique = Unique(name);
        _inputs.Add(new OnnxValue(unique, type, [batch, new OnnxSize(null, columns)]));
        return unique;
    }

    /// <summary>Adds an output, which <paramref name="value"/> becomes under a reserved name.</summary>
    public void Output(string name, string value, ElementType type, params ReadOnlySpan<long> sizes)
    {
        _nodes.Add(new OnnxNode("Identity", OnnxModel.DefaultDomain, name, [value], [name], []));
        _outputs.Add(new OnnxValue(name, type, [batch, .. sizes.ToArray().Select(size => new OnnxSize(null, size))]));
    }

    /// <summary>Adds a node with one output.</summary>
    /// <returns>The name of the output.</returns>
    public string Node(string op, string name, IReadOnlyList<string> inputs, params IReadOnlyList<OnnxAttribute> attributes) =>
        Node(op, OnnxModel.DefaultDomain, name, inputs, attributes);

    /// <summary>Adds a node that only operator sets from some version on have.</summary>
    public string NewerNode(string op, long version, string name, IReadOnlyList<string> inputs, params IReadOnlyList<OnnxAttribute> attributes)
    {
        _version = Math.Max(_version, version);
        return Node(op, name, inputs, attributes);
    }

    /// <summary>Adds a node of the operators for traditional machine learning.</summary>
    public string MlNode(string op, string name, IReadOnlyList<string> inputs, params IReadOnlyList<OnnxAttribute> attributes) =>
        Node(op, OnnxModel.MlDomain, name, inputs, attributes);

    /// <summary>Adds a float32 constant.</summary>
    /// <returns>Its name.</returns>
    public string Floats(string name, ReadOnlySpan<float> values, params IReadOnlyList<long> sizes)
    {
        using MemoryStream bytes = new(values.Length * sizeof(float));
        FloatBytes.Pour(values, bytes.Write);
        return Constant(name, ElementType.Float, sizes, bytes.ToArray());
    }

    /// <summary>Adds a constant of numbers, as float32 or float64.</summary>
    /// <returns>Its name.</returns>
    public string Numbers(string name, ElementType type, double[] values, params IReadOnlyList<long> sizes)
    {
        if (type == ElementType.Float) return Floats(name, Array.ConvertAll(values, value => (float)value), sizes);
        byte[] bytes = new byte[values.Length * sizeof(double)];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), values[i]);
        return Constant(name, type, sizes, bytes);
    }

    /// <summary>Adds a constant vector of integers.</summary>
    /// <returns>Its name.</returns>
    public string Integers(string name, params ReadOnlySpan<long> values)
    {
        byte[] bytes = new byte[values.Length * sizeof(long)];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        return Constant(name, ElementType.Int64, [values.Length], bytes);
    }

    /// <summary>The model.</summary>
    public OnnxModel Build(IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        List<OnnxOperatorSet> sets = [new(OnnxModel.DefaultDomain, _version)];
        if (_nodes.Exists(node => node.Domain == OnnxModel.MlDomain)) sets.Add(new(OnnxModel.MlDomain, MlVersion));
        return new OnnxModel(new OnnxGraph(_nodes, _constants, _inputs, _outputs), sets) { Metadata = metadata };
    }

    private string Node(string op, string domain, string name, IReadOnlyList<string> inputs, IReadOnlyList<OnnxAttribute> attributes)
    {
        string unique = Unique(name);
        _nodes.Add(new OnnxNode(op, domain, unique, inputs, [unique], attributes));
        return unique;
    }

    private string Constant(string name, ElementType type, IReadOnlyList<long> sizes, byte[] bytes)
    {
        string unique = Unique(name);
        _constants.Add(new OnnxTensor(unique, type, sizes, bytes));
        return unique;
    }

    private string Unique(string name)
    {
        string unique = name;
        for (int number = 2; !_names.Add(unique); number++) unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{number}");
        return unique;
    }
}
