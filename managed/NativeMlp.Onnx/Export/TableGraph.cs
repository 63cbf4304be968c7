// SPDX-License-Identifier: MIT
using NativeMlp.Onnx.Graphs;
using NativeMlp.Tables;
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Onnx.Export;

/// <summary>Writes the encoding of a table: from its columns to the inputs of the networks.</summary>
internal sealed class TableGraph(GraphBuilder graph, TableEncoding encoding, OnnxInputs inputs)
{
    private readonly EncodedColumns _encoded = new();
    private readonly int[] _places = PlacesOf(encoding);

    // Texts and dates have inputs of their own.
    private readonly int[] _numbers = [.. Enumerable.Range(0, encoding.Features.Count).Where(i => IsNumber(encoding.Features[i]))];

    /// <summary>What a model takes if nothing else is asked for.</summary>
    public static OnnxInputs DefaultFor(TableEncoding encoding) => encoding.Features.All(IsNumber) ? OnnxInputs.Float : OnnxInputs.Columns;

    /// <summary>Adds the inputs of the graph and their encoding.</summary>
    /// <returns>The inputs of the networks, <c>[rows × inputs]</c>.</returns>
    /// <exception cref="ArgumentException">A column cannot be given as the options want it.</exception>
    public string Add()
    {
        if (inputs == OnnxInputs.Encoded) return graph.Input("input", ElementType.Float, encoding.Inputs);
        if (inputs == OnnxInputs.Float) AddFloatInput();
        else AddColumnInputs();
        return _encoded.ToMatrix(new GraphMath(graph, ElementType.Float, "inputs"));
    }

    private void AddFloatInput()
    {
        for (int i = 0; i < encoding.Features.Count; i++)
        {
            if (!IsNumber(encoding.Features[i]))
                Throw.Argument($"Column {Name(i)} is {(encoding.Features[i] is DateEncoding ? "a date" : "a text")}, which one float input cannot hold: choose the inputs Columns, or Encoded to encode outside of the graph.", nameof(inputs));
            if (Collision.In(encoding.Features[i]) is { } problem)
                Throw.Argument($"Column {Name(i)} needs more digits than a float32 has: {problem}. Choose the inputs Columns, or Encoded to encode outside of the graph.", nameof(inputs));
        }

        AddNumbers(graph.Input("input", ElementType.Float, encoding.Features.Count), ElementType.Float);
    }

    private void AddColumnInputs()
    {
        ElementType type = _numbers.Any(i => Collision.In(encoding.Features[i]) is not null) ? ElementType.Double : ElementType.Float;
        List<string> numbers = [];
        for (int i = 0; i < encoding.Features.Count; i++)
        {
            string name = encoding.Schema.Features[i].Name;
            if (encoding.Features[i] is DateEncoding date) AddDate(graph.Input(name, ElementType.Double, 1), date, _places[i]);
            else if (IsNumber(encoding.Features[i])) numbers.Add(graph.Input(name, type, 1));
            else AddText(graph.Input(name, ElementType.String, 1), (CategoryEncoding)encoding.Features[i], _places[i]);
        }

        if (numbers.Count > 0) AddNumbers(new GraphMath(graph, type, "numbers").Concat(numbers), type);
    }

    private void AddNumbers(string values, ElementType type)
    {
        GraphMath math = new(graph, type, "numbers");
        string known = Known(math, values, type);
        NumberGraph numbers = new(math, _numbers.Length, [.. Enumerable.Range(0, _numbers.Length)
            .Where(column => encoding.Features[_numbers[column]] is NumberEncoding)
            .Select(column => new EncodedNumber(column, (NumberEncoding)encoding.Features[_numbers[column]], _places[_numbers[column]]))]);
        numbers.Add(values, known, _encoded);
        for (int column = 0; column < _numbers.Length; column++)
        {
            if (encoding.Features[_numbers[column]] is CategoryEncoding category)
                new CategoryGraph(graph, math, category, _places[_numbers[column]]).AddNumber(math.Gather(values, column), math.Gather(known, column), _encoded);
        }
    }

    private void AddText(string text, CategoryEncoding category, int place) =>
        new CategoryGraph(graph, new GraphMath(graph, ElementType.Float, "categories"), category, place)
            .AddText(text, new CategoryWords(category, encoding.Schema.MissingMarks), _encoded);

    private void AddDate(string seconds, DateEncoding date, int place)
    {
        GraphMath math = new(graph, ElementType.Double, "dates");
        DateGraph dates = new(math);
        string known = dates.Known(Marked(math, seconds));
        List<EncodedNumber> parts = [];
        foreach (NumberEncoding part in date.Parts)
        {
            parts.Add(new EncodedNumber(parts.Count, part, place));
            place += part.Inputs;
        }

        string all = math.Concat([.. Enumerable.Repeat(known, parts.Count)]);
        new NumberGraph(math, parts.Count, parts).Add(dates.Parts(seconds, known, date.Earliest), all, _encoded);
    }

    // No comparison is true of NaN, nor this one of an infinity.
    private string Known(GraphMath math, string values, ElementType type) => math.Node("LessOrEqual",
        math.Node("Abs", Marked(math, values)), math.Constant(type == ElementType.Float ? float.MaxValue : double.MaxValue));

    // Numbers that stand for a missing value become NaN.
    private string Marked(GraphMath math, string values)
    {
        foreach (double mark in new MissingValues(encoding.Schema).Numbers)
            values = math.Where(math.Equal(values, math.Constant(mark)), math.Constant(double.NaN), values);
        return values;
    }

    private string Name(int feature) => Printable.Quoted(encoding.Schema.Features[feature].Name);

    private static bool IsNumber(FeatureEncoding encoding) => encoding is NumberEncoding or CategoryEncoding { Numbers: true };

    private static int[] PlacesOf(TableEncoding encoding)
    {
        int[] places = new int[encoding.Features.Count];
        for (int i = 1; i < places.Length; i++) places[i] = places[i - 1] + encoding.Features[i - 1].Inputs;
        return places;
    }
}
