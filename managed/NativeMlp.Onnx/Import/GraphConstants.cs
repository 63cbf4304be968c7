// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Onnx.Graphs;
using NativeMlp.Storage;

namespace NativeMlp.Onnx.Import;

/// <summary>A constant of a graph as numbers.</summary>
/// <param name="Sizes">Its sizes; none for a single number.</param>
/// <param name="Values">Its elements, row after row.</param>
internal sealed record Numbers(int[] Sizes, double[] Values)
{
    /// <summary>The number, where there is one only.</summary>
    public double? Single => Values.Length == 1 ? Values[0] : null;

    /// <summary>A matrix with rows and columns exchanged.</summary>
    public Numbers Transposed()
    {
        (int rows, int columns) = (Sizes[0], Sizes[1]);
        return new Numbers([columns, rows], CheckpointReader.Transpose(Values, columns, rows));
    }
}

/// <summary>The constants of a graph: those that are stored, and what nodes make of them.</summary>
internal sealed class GraphConstants
{
    // Exporters need two or three; a file may have a chain of any length.
    private const int MostSteps = 16;

    private readonly string _path;
    private readonly Dictionary<string, OnnxTensor> _stored = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxNode> _computed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _steps = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _converted = new(StringComparer.Ordinal);

    public GraphConstants(string path, OnnxGraph graph)
    {
        _path = path;
        foreach (OnnxTensor tensor in graph.Constants) _stored[tensor.Name] = tensor;
        foreach (OnnxNode node in graph.Nodes)
        {
            int steps = node.Operator == "Constant" && node.IsStandard ? 0 : IsMovement(node) && node.Input(0) is { } input && Has(input) ? _steps.GetValueOrDefault(input) + 1 : MostSteps;
            if (steps < MostSteps && node.Outputs.Count == 1 && _computed.TryAdd(node.Outputs[0], node)) _steps[node.Outputs[0]] = steps;
        }
    }

    /// <summary>The types of elements that were rounded to float32.</summary>
    public IReadOnlyCollection<string> Converted => _converted;

    public bool Has(string name) => _stored.ContainsKey(name) || _computed.ContainsKey(name);

    /// <summary>A constant.</summary>
    /// <exception cref="DataFormatException">Its elements are not there, or are of a type that is not read.</exception>
    public Numbers Get(string name) => _stored.TryGetValue(name, out OnnxTensor? tensor) ? Read(tensor) : Compute(_computed[name]);

    private static bool IsMovement(OnnxNode node) => node.HandsOn || (node.Operator == "Transpose" && node.IsStandard);

    private Numbers Compute(OnnxNode node)
    {
        if (node.Operator != "Constant")
        {
            Numbers input = Get(node.Inputs[0]);
            return node.Operator == "Transpose" && input.Sizes.Length == 2 ? input.Transposed() : input;
        }

        if (node.Find("value")?.Tensor is { } tensor) return Read(tensor);
        return node.Find("value_float") is { } number ? new Numbers([], [number.Number])
            : node.Find("value_int") is { } integer ? new Numbers([], [integer.Integer])
            : node.Find("value_floats") is { } numbers ? new Numbers([numbers.Numbers.Count], [.. numbers.Numbers.Select(value => (double)value)])
            : node.Find("value_ints") is { } integers ? new Numbers([integers.Integers.Count], [.. integers.Integers.Select(value => (double)value)])
            : throw new DataFormatException(_path, $"{node.Title} has no value that is a number.");
    }

    private Numbers Read(OnnxTensor tensor)
    {
        string name = $"the constant {Printable.Quoted(tensor.Name, 100)}";
        if (tensor.IsExternal)
            throw new DataFormatException(_path, $"{name} stands in another file; save the model with its weights in one file (external_data=False in torch.onnx.export).");
        int size = ElementTypes.SizeOf(tensor.Type);
        if (size == 0) throw new DataFormatException(_path, $"{name} has the type of elements {(int)tensor.Type}; floats and integers are read.");
        Int128 count = 1;
        foreach (long length in tensor.Sizes) count = length is < 0 or > int.MaxValue || count > int.MaxValue ? -1 : count * length;
        if (count < 0 || count * size != tensor.Bytes.Length)
            throw new DataFormatException(_path, $"{name} of the sizes [{string.Join(" × ", tensor.Sizes)}] should have {(count < 0 ? "few enough" : $"{count * size}")} bytes; it has {tensor.Bytes.Length}.");
        if (tensor.Type is ElementType.Double or ElementType.Float16 or ElementType.BFloat16 && count > 1) _converted.Add(tensor.Type.ToString());
        double[] values = new double[(int)count];
        for (int i = 0; i < values.Length; i++) values[i] = ElementTypes.Read(tensor.Type, tensor.Bytes.Span.Slice(i * size, size));
        return new Numbers([.. tensor.Sizes.Select(length => (int)length)], values);
    }
}
