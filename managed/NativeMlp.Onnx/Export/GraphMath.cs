// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Onnx.Graphs;

namespace NativeMlp.Onnx.Export;

/// <summary>Arithmetic as operators, with numbers as constants of a type.</summary>
internal sealed class GraphMath(GraphBuilder graph, ElementType type, string prefix)
{
    public ElementType Type => type;

    public string Add(string a, double b) => Node("Add", a, Constant(b));

    public string Add(string a, string b) => Node("Add", a, b);

    public string Subtract(string a, double b) => Node("Sub", a, Constant(b));

    public string Subtract(double a, string b) => Node("Sub", Constant(a), b);

    public string Subtract(string a, string b) => Node("Sub", a, b);

    public string Multiply(string a, double b) => Node("Mul", a, Constant(b));

    public string Multiply(string a, string b) => Node("Mul", a, b);

    public string Divide(string a, double b) => Node("Div", a, Constant(b));

    public string Divide(string a, string b) => Node("Div", a, b);

    public string Floor(string a) => Node("Floor", a);

    /// <summary>The whole part of a quotient.</summary>
    public string Quotient(string a, double b) => Floor(Divide(a, b));

    public string Sqrt(string a) => Node("Sqrt", a);

    public string Clip(string a, double least, double most) => Node("Clip", a, Constant(least), Constant(most));

    public string Equal(string a, string b) => Node("Equal", a, b);

    public string Not(string a) => Node("Not", a);

    public string And(string a, string b) => Node("And", a, b);

    public string Where(string condition, string yes, string no) => Node("Where", condition, yes, no);

    /// <summary>Columns of a matrix, in this order.</summary>
    public string Gather(string matrix, params long[] columns) =>
        graph.Node("Gather", $"{prefix}.gather", [matrix, graph.Integers($"{prefix}.columns", columns)], OnnxAttribute.Of("axis", 1L));

    /// <summary>Matrices side by side.</summary>
    public string Concat(IReadOnlyList<string> matrices) => matrices.Count == 1 ? matrices[0]
        : graph.Node("Concat", $"{prefix}.concat", matrices, OnnxAttribute.Of("axis", 1L));

    public string Cast(string a, ElementType to) => graph.Node("Cast", $"{prefix}.cast", [a], OnnxAttribute.Of("to", (long)to));

    /// <summary>1 where a condition holds, else 0.</summary>
    public string Indicator(string condition) => Cast(condition, ElementType.Float);

    /// <summary>A row of numbers.</summary>
    public string Row(double[] values) => graph.Numbers($"{prefix}.row", type, values, 1, values.Length);

    /// <summary>One number.</summary>
    public string Constant(double value) => graph.Numbers($"{prefix}.{value.ToString("R", CultureInfo.InvariantCulture)}", type, [value]);

    public string Node(string op, params IReadOnlyList<string> inputs) =>
#pragma warning disable CA1308 // names of values, for people to read
        graph.Node(op, $"{prefix}.{op.ToLowerInvariant()}", inputs);
#pragma warning restore CA1308
}
