// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Graphs;
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Onnx.Export;

/// <summary>Writes the encoding of a category.</summary>
internal sealed class CategoryGraph(GraphBuilder graph, GraphMath math, CategoryEncoding encoding, int place)
{
    /// <summary>Adds the inputs of a category that is a number.</summary>
    /// <param name="value">The numbers, <c>[rows × 1]</c>.</param>
    /// <param name="known">Where they are there.</param>
    /// <param name="inputs">Receives the inputs.</param>
    public void AddNumber(string value, string known, EncodedColumns inputs)
    {
        if (encoding.Inputs == 0) return;
        string missing = math.Indicator(math.Not(known));
        string equal = math.Indicator(math.Equal(value, math.Row(ValuesOf(encoding))));
        if (encoding.IsSigned)
        {
            AddSigned(equal, missing, inputs);
            return;
        }

        inputs.Add(equal, Enumerable.Range(place, encoding.Categories.Length));
        if (encoding.HasMissing) inputs.Add(missing, [place + encoding.MissingSlot]);
        if (!encoding.HasOther) return;
        GraphMath floats = new(graph, ElementType.Float, "other");
        string any = graph.Node("ReduceSum", "other.sum", [equal, graph.Integers("other.axes", 1)], OnnxAttribute.Of("keepdims", 1L));
        if (encoding.HasMissing) any = floats.Add(any, missing);
        inputs.Add(floats.Subtract(1, any), [place + encoding.OtherSlot]);
    }

    /// <summary>Adds the inputs of a category that is a text.</summary>
    /// <param name="text">The texts, <c>[rows × 1]</c>.</param>
    /// <param name="words">What each text means: the place of its category.</param>
    /// <param name="inputs">Receives the inputs.</param>
    public void AddText(string text, CategoryWords words, EncodedColumns inputs)
    {
        if (encoding.Inputs == 0) return;
        string code = graph.MlNode("LabelEncoder", "categories.code", [text],
            OnnxAttribute.Of("keys_strings", [.. words.Slots.Keys]),
            OnnxAttribute.Of("values_floats", (IReadOnlyList<float>)[.. words.Slots.Values.Select(Code)]),
            OnnxAttribute.Of("default_float", Code(encoding.OtherSlot)));
        if (encoding.IsSigned)
        {
            inputs.Add(code, [place]);
            return;
        }

        GraphMath floats = new(graph, ElementType.Float, "categories");
        string row = floats.Row([.. Enumerable.Range(0, encoding.Slots).Select(slot => (double)slot)]);
        inputs.Add(floats.Indicator(floats.Equal(code, row)), Enumerable.Range(place, encoding.Slots));
    }

    /// <summary>The categories as the numbers that they are.</summary>
    public static double[] ValuesOf(CategoryEncoding encoding) =>
        Array.ConvertAll(encoding.Categories, name => Cell.TryParse(name, out double number) ? number : double.NaN);

    // −1 and 1 for the two categories, or one of them and a missing value; 0 for all else.
    private void AddSigned(string equal, string missing, EncodedColumns inputs)
    {
        GraphMath floats = new(graph, ElementType.Float, "two");
        string second = encoding.HasMissing ? missing : floats.Gather(equal, 1);
        inputs.Add(floats.Subtract(second, floats.Gather(equal, 0)), [place]);
    }

    private float Code(int slot) => !encoding.IsSigned ? slot : slot switch { 0 => -1, 1 => 1, _ => 0 };
}
