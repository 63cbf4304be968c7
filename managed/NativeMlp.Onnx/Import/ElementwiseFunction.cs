// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Graphs;
using NativeMlp.Reference;

namespace NativeMlp.Onnx.Import;

/// <summary>
/// Recognises an activation that an exporter has written as several nodes, such as GELU or SiLU, by its values: between one value of
/// the graph and another there are nodes that compute element by element, and what they compute is compared with the activations
/// at many points. In which order they stand does not matter.
/// </summary>
internal sealed class ElementwiseFunction(GraphPath graph, GraphConstants constants, string start)
{
    private const int MostNodes = 32;
    private const double Tolerance = 1e-5;

    private static readonly double[] s_points = [.. Enumerable.Range(-40, 81).Select(i => i * 0.2), -0.013, 0.017, -300, -60, -20, 20, 60, 300];

    private static readonly Activation[] s_activations =
        [Activation.Gelu, Activation.GeluTanh, Activation.Silu, Activation.Softplus, Activation.Relu, Activation.Sigmoid, Activation.Tanh];

    /// <summary>Finds the value that the start becomes by an activation.</summary>
    /// <returns>The name of the value and the activation; null if it is none that there is here.</returns>
    public (string Value, Activation Activation)? Find()
    {
        foreach (string end in Ends())
        {
            double[] values = new double[s_points.Length];
            for (int i = 0; i < values.Length; i++) values[i] = Evaluate(end, s_points[i], MostNodes, []) ?? double.NaN;
            foreach (Activation activation in s_activations)
            {
                if (values.Zip(s_points).All(pair => Math.Abs(pair.First - ReferenceActivation.Value(activation, 0, pair.Second)) <= Tolerance)) return (end, activation);
            }
        }

        return null;
    }

    // The values that all that comes of the start goes through: no other is taken from then on.
    private IEnumerable<string> Ends()
    {
        Dictionary<string, int> open = new(StringComparer.Ordinal) { [start] = 0 };
        HashSet<OnnxNode> seen = new(ReferenceEqualityComparer.Instance);
        for (int nodes = 0; nodes < MostNodes; nodes++)
        {
            OnnxNode? next = open.Keys.SelectMany(graph.ConsumersOf).FirstOrDefault(node =>
                !seen.Contains(node) && node.Outputs.Count > 0 && node.Inputs.All(input => open.ContainsKey(input) || constants.Has(input)));
            if (next is null) yield break;
            seen.Add(next);
            open.TryAdd(next.Outputs[0], 0);
            foreach (string done in open.Keys.Where(value => value != next.Outputs[0] && graph.ConsumersOf(value).All(seen.Contains)).ToArray()) open.Remove(done);
            if (open.Count == 1) yield return next.Outputs[0];
        }
    }

    // Each value once, however many nodes take it.
    private double? Evaluate(string value, double x, int most, Dictionary<string, double?> known)
    {
        if (known.TryGetValue(value, out double? found)) return found;
        return known[value] = Compute(value, x, most, known);
    }

    private double? Compute(string value, double x, int most, Dictionary<string, double?> known)
    {
        if (value == start) return x;
        if (constants.Has(value)) return constants.Get(value).Single;
        if (most == 0 || graph.ProducerOf(value) is not { IsStandard: true } node || node.Inputs.Count is 0 or > 2) return null;
        double?[] inputs = [.. node.Inputs.Select(input => input.Length == 0 ? double.NaN : Evaluate(input, x, most - 1, known))];
        if (inputs.Contains(null)) return null;
        return node.HandsOn ? inputs[0] : Apply(node.Operator, inputs[0]!.Value, inputs.Length > 1 ? inputs[1]!.Value : double.NaN);
    }

    private static double? Apply(string op, double a, double b) => op switch
    {
        "Add" => a + b,
        "Sub" => a - b,
        "Mul" => a * b,
        "Div" => a / b,
        "Pow" => Math.Pow(a, b),
        "Max" => Math.Max(a, b),
        "Min" => Math.Min(a, b),
        "Neg" => -a,
        "Abs" => Math.Abs(a),
        "Exp" => Math.Exp(a),
        "Log" => Math.Log(a),
        "Sqrt" => Math.Sqrt(a),
        "Reciprocal" => 1 / a,
        "Tanh" => Math.Tanh(a),
        "Sigmoid" => ReferenceActivation.Sigmoid(a),
        "Softplus" => ReferenceActivation.Softplus(a),
        "Relu" => Math.Max(a, 0),
        "Erf" => (2 * ReferenceActivation.Normal(a * Math.Sqrt(2))) - 1,
        _ => null,
    };
}
