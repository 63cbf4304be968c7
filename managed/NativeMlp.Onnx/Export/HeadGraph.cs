// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Graphs;

namespace NativeMlp.Onnx.Export;

/// <summary>Writes what becomes of the scores: the outputs of the graph.</summary>
internal sealed class HeadGraph(GraphBuilder graph)
{
    public const string Label = "label", Probabilities = "probabilities", Logits = "logits", Prediction = "prediction";

    private readonly GraphMath _math = new(graph, ElementType.Float, "answers");

    /// <summary>Takes the names of the outputs, before anything else can have them.</summary>
    public void Reserve()
    {
        foreach (string name in (string[])[Label, Probabilities, Logits, Prediction]) graph.Reserve(name);
    }

    /// <summary>The probabilities that a network gives, as <see cref="PredictionKind.Probabilities"/> says.</summary>
    public string ProbabilitiesOf(Mlp network, string scores) => network.Options.Loss == Loss.BinaryCrossEntropy
        ? graph.Node("Sigmoid", "answers.sigmoid", [scores])
        : graph.Node("Softmax", "answers.softmax", [scores], OnnxAttribute.Of("axis", -1L));

    /// <summary>The mean of what several networks answer.</summary>
    public string Mean(IReadOnlyList<string> answers)
    {
        string sum = answers.Aggregate(_math.Add);
        return answers.Count == 1 ? sum : _math.Multiply(sum, 1.0 / answers.Count);
    }

    /// <summary>The number of the greatest column, the first of equal ones.</summary>
    public string Greatest(string matrix) =>
        graph.Node("ArgMax", "answers.greatest", [matrix], OnnxAttribute.Of("axis", 1L), OnnxAttribute.Of("keepdims", 0L));

    /// <summary>1 where a number is greater than a bound, else 0, as integers.</summary>
    public string Above(string value, double bound) =>
        _math.Cast(_math.Node("Greater", value, _math.Constant(NotAbove(bound))), ElementType.Int64);

    /// <summary>The greatest float that is not above a number: the floats above both are the same ones.</summary>
    public static float NotAbove(double bound) => (float)bound is var rounded && rounded > bound ? MathF.BitDecrement(rounded) : rounded;

    /// <summary>One column of a matrix as a vector.</summary>
    public string Column(string matrix, long column) =>
        graph.Node("Squeeze", "answers.column", [_math.Gather(matrix, column), graph.Integers("answers.axes", 1)]);

    /// <summary>The probabilities of no and yes, from that of yes.</summary>
    public string NoAndYes(string yes) => _math.Concat([_math.Subtract(1, yes), yes]);

    /// <summary>Values in the units of the targets.</summary>
    public string InUnits(string values, double[] means, double[] scales) =>
        _math.Add(_math.Multiply(values, _math.Row(scales)), _math.Row(means));
}
