// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Graphs;

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

    private static readonly double[] s_points = [.. Enumerable.Range(-40, 81).Select(i => i * 0.2), -0.013, 0.017];

    private static readonly (Activation Activation, Func<double, double> Value)[] s_activations =
    [
        (Activation.Gelu, x => x * (1 + Erf(x / Math.Sqrt(2))) / 2),
        (Activation.GeluTanh, x => x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))) / 2),
        (Activation.Silu, x => x / (1 + Math.Exp(-x))),
        (Activation.Softplus, x => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)))),
        (Activation.Relu, x => Math.Max(x, 0)),
        (Activation.Sigmoid, x => 1 / (1 + Math.Exp(-x))),
        (Activation.Tanh, Math.Tanh),
    ];

    /// <summary>Finds the value that the start becomes by an activation.</summary>
    /// <returns>The name of the value and the activation; null if it is none that there is here.</returns>
    public (string Value, Activation Activation)? Find()
    {
        foreach (string end in Ends())
        {
            double[] values = new double[s_points.Length];
            for (int i = 0; i < values.Length; i++) values[i] = Evaluate(end, s_points[i], MostNodes, []) ?? double.NaN;
            foreach ((Activation activation, Func<double, double> value) in s_activations)
            {
                if (values.Zip(s_points).All(pair => Math.Abs(pair.First - value(pair.Second)) <= Tolerance)) return (end, activation);
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
        if (most == 0 || graph.ProducerOf(value) is not { } node || node.Inputs.Count is 0 or > 3) return null;
        double?[] inputs = [.. node.Inputs.Select(input => input.Length == 0 ? double.NaN : Evaluate(input, x, most - 1, known))];
        if (inputs.Contains(null)) return null;
        return Apply(node.Operator, inputs[0]!.Value, inputs.Length > 1 ? inputs[1]!.Value : double.NaN);
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
        "Sigmoid" => 1 / (1 + Math.Exp(-a)),
        "Softplus" => Math.Max(a, 0) + Math.Log(1 + Math.Exp(-Math.Abs(a))),
        "Relu" => Math.Max(a, 0),
        "Erf" => Erf(a),
        "Identity" or "Cast" => a,
        _ => null,
    };

    // The Taylor series, or the continued fraction where that takes longer: good for more digits than are compared.
    private static double Erf(double x)
    {
        double size = Math.Abs(x);
        if (size > 6) return Math.Sign(x);
        double term = x, sum = x;
        for (int n = 1; n < 200; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return size <= 3 ? 2 / Math.Sqrt(Math.PI) * sum : Math.Sign(x) * (1 - TailOf(size));
    }

    private static double TailOf(double x)
    {
        double fraction = 0;
        for (int n = 60; n > 0; n--) fraction = n / 2.0 / (x + fraction);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }
}
