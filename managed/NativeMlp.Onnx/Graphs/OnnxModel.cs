// SPDX-License-Identifier: MIT
namespace NativeMlp.Onnx.Graphs;

/// <summary>The types of elements that ONNX numbers so; those that this library reads or writes.</summary>
internal enum ElementType
{
    Undefined = 0,
    Float = 1,
    Int32 = 6,
    Int64 = 7,
    String = 8,
    Bool = 9,
    Float16 = 10,
    Double = 11,
    BFloat16 = 16,
}

/// <summary>A model: a graph, and the versions of the sets of operators that it uses.</summary>
internal sealed record OnnxModel(OnnxGraph Graph, IReadOnlyList<OnnxOperatorSet> OperatorSets)
{
    /// <summary>The domain of the operators of ONNX itself.</summary>
    public const string DefaultDomain = "";

    /// <summary>The domain of the operators for traditional machine learning.</summary>
    public const string MlDomain = "ai.onnx.ml";

    /// <summary>Names and values that go with the model.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];
}

/// <summary>A version of a set of operators.</summary>
internal sealed record OnnxOperatorSet(string Domain, long Version);

/// <summary>A graph: nodes in an order in which they can be computed, constants, what goes in and what comes out.</summary>
internal sealed record OnnxGraph(
    IReadOnlyList<OnnxNode> Nodes, IReadOnlyList<OnnxTensor> Constants, IReadOnlyList<OnnxValue> Inputs, IReadOnlyList<OnnxValue> Outputs);

/// <summary>An operation.</summary>
internal sealed record OnnxNode(string Operator, string Domain, string Name, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs,
    IReadOnlyList<OnnxAttribute> Attributes)
{
    /// <summary>What a message calls the node.</summary>
    public string Title => $"node {Printable.Quoted(Name.Length > 0 ? Name : Outputs.FirstOrDefault("?"), 100)} ({Printable.Text(Domain.Length == 0 ? Operator : $"{Domain}.{Operator}", 100)})";

    /// <summary>Whether its operator is one of ONNX itself.</summary>
    public bool IsStandard => Domain is OnnxModel.DefaultDomain or "ai.onnx";

    /// <summary>Whether it gives its input as it is, at most as another type of floats.</summary>
    public bool HandsOn => IsStandard && (Operator == "Identity"
        || (Operator == "Cast" && (ElementType)Integer("to", 0) is ElementType.Float or ElementType.Double or ElementType.Float16 or ElementType.BFloat16));

    public OnnxAttribute? Find(string name) => Attributes.FirstOrDefault(attribute => attribute.Name == name);

    public float Float(string name, float absent) => Find(name)?.Number ?? absent;

    public long Integer(string name, long absent) => Find(name) is { } found ? found.Integer : absent;

    /// <summary>An input that may be left out.</summary>
    public string? Input(int index) => index < Inputs.Count && Inputs[index].Length > 0 ? Inputs[index] : null;
}

/// <summary>An option of a node; only the member of its kind is meant.</summary>
internal sealed record OnnxAttribute(string Name)
{
    public float Number { get; init; }

    public long Integer { get; init; }

    public string? Text { get; init; }

    public OnnxTensor? Tensor { get; init; }

    public IReadOnlyList<float> Numbers { get; init; } = [];

    public IReadOnlyList<long> Integers { get; init; } = [];

    public IReadOnlyList<string> Texts { get; init; } = [];

    public AttributeKind Kind { get; init; }

    public static OnnxAttribute Of(string name, float value) => new(name) { Number = value, Kind = AttributeKind.Float };

    public static OnnxAttribute Of(string name, long value) => new(name) { Integer = value, Kind = AttributeKind.Int };

    public static OnnxAttribute Of(string name, IReadOnlyList<long> values) => new(name) { Integers = values, Kind = AttributeKind.Ints };

    public static OnnxAttribute Of(string name, IReadOnlyList<float> values) => new(name) { Numbers = values, Kind = AttributeKind.Floats };

    public static OnnxAttribute Of(string name, IReadOnlyList<string> values) => new(name) { Texts = values, Kind = AttributeKind.Strings };
}

/// <summary>The kinds of attributes, as ONNX numbers them.</summary>
internal enum AttributeKind
{
    Undefined = 0,
    Float = 1,
    Int = 2,
    String = 3,
    Tensor = 4,
    Floats = 6,
    Ints = 7,
    Strings = 8,
}

/// <summary>A constant.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Sizes">Its sizes; none for a single number.</param>
/// <param name="Bytes">Its elements, little-endian, row after row.</param>
internal sealed record OnnxTensor(string Name, ElementType Type, IReadOnlyList<long> Sizes, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Whether the elements stand in another file.</summary>
    public bool IsExternal { get; init; }
}

/// <summary>An input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements; undefined if it is no tensor.</param>
/// <param name="Sizes">Its sizes: a number, or a name where it may be any.</param>
internal sealed record OnnxValue(string Name, ElementType Type, IReadOnlyList<OnnxSize> Sizes);

/// <summary>A size of an input or output.</summary>
/// <param name="Name">The name of a size that may be any.</param>
/// <param name="Value">The size, where it is fixed.</param>
internal readonly record struct OnnxSize(string? Name, long? Value);
