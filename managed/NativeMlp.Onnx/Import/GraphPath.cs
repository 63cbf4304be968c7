// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Onnx.Graphs;

namespace NativeMlp.Onnx.Import;

/// <summary>The way through a graph from its only input to the output that has the scores, probabilities or values.</summary>
internal sealed class GraphPath
{
    private const int MostOutputs = 100;

    private readonly string _path;
    private readonly HashSet<OnnxNode> _needed = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, OnnxNode> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<OnnxNode>> _consumers = new(StringComparer.Ordinal);

    public GraphPath(string path, OnnxGraph graph, GraphConstants constants)
    {
        _path = path;
        foreach (OnnxNode node in graph.Nodes)
        {
            foreach (string output in node.Outputs.Where(output => output.Length > 0)) _producers.TryAdd(output, node);
        }

        OnnxValue[] inputs = [.. graph.Inputs.Where(input => !constants.Has(input.Name))];
        if (inputs.Length != 1)
            throw new DataFormatException(path, $"the graph has {inputs.Length} inputs{Names(inputs)}; a network that can be imported has one, with all features.");
        Input = inputs[0];
        Output = Choose(graph);
        NodeCount = graph.Nodes.Count;
        foreach (OnnxNode node in graph.Nodes.Where(_needed.Contains))
        {
            foreach (string input in node.Inputs.Distinct(StringComparer.Ordinal))
            {
                if (!_consumers.TryGetValue(input, out List<OnnxNode>? list)) _consumers.Add(input, list = []);
                list.Add(node);
            }
        }
    }

    public OnnxValue Input { get; }

    /// <summary>The nodes of the graph; no way through it has more.</summary>
    public int NodeCount { get; }

    /// <summary>The name of the output.</summary>
    public string Output { get; }

    /// <summary>The nodes that take a value, of those that the output needs. Shapes are not computed with.</summary>
    public IReadOnlyList<OnnxNode> ConsumersOf(string value) =>
        _consumers.TryGetValue(value, out List<OnnxNode>? list) ? [.. list.Where(node => node.Operator != "Shape")] : [];

    public OnnxNode? ProducerOf(string value) => _producers.GetValueOrDefault(value);

    // Labels are made of the scores by a comparison, and ZipMap makes no tensor; what is left are the scores themselves.
    private string Choose(OnnxGraph graph)
    {
        foreach (OnnxValue output in graph.Outputs.Take(MostOutputs))
        {
            HashSet<OnnxNode> needed = NeededFor(output.Name);
            if (needed.Any(node => node.Operator is "ArgMax" or "TopK" or "ZipMap" or "Greater" or "ArrayFeatureExtractor")) continue;
            _needed.UnionWith(needed);
            return output.Name;
        }

        throw new DataFormatException(_path, $"none of the outputs of the graph{Names(graph.Outputs)} is a tensor of scores or probabilities.");
    }

    private HashSet<OnnxNode> NeededFor(string output)
    {
        HashSet<OnnxNode> needed = new(ReferenceEqualityComparer.Instance);
        Stack<string> open = new([output]);
        while (open.TryPop(out string? value))
        {
            if (ProducerOf(value) is not { } node || !needed.Add(node)) continue;
            foreach (string input in node.Inputs) open.Push(input);
        }

        return needed;
    }

    private static string Names(IReadOnlyList<OnnxValue> values) =>
        values.Count == 0 ? "" : $" ({string.Join(", ", values.Take(5).Select(value => Printable.Quoted(value.Name, 60)))}{(values.Count > 5 ? ", …" : "")})";
}
