// SPDX-License-Identifier: MIT
using NativeMlp.Tables.Encodings;

namespace NativeMlp.Onnx.Export;

/// <summary>A number that is encoded: a column of the matrix of numbers, how it is encoded, and the place of its first input.</summary>
internal readonly record struct EncodedNumber(int Column, NumberEncoding Encoding, int Place);

/// <summary>Writes the encoding of all numbers at once: for each kind of input one row of constants.</summary>
internal sealed class NumberGraph(GraphMath math, int columns, IReadOnlyList<EncodedNumber> numbers)
{
    /// <summary>Adds the inputs of the numbers.</summary>
    /// <param name="values">The numbers, <c>[rows × columns]</c>.</param>
    /// <param name="known">Where they are there, of the same shape.</param>
    /// <param name="inputs">Receives the inputs.</param>
    public void Add(string values, string known, EncodedColumns inputs)
    {
        if (numbers.Count == 0) return;
        string filled = math.Where(known, values, math.Row(Medians()));
        foreach (bool clipped in (bool[])[false, true]) AddScaled(filled, clipped, inputs);
        AddSegments(filled, inputs);
        AddAtoms(filled, inputs);
        AddIndicators(known, inputs);
    }

    private double[] Medians()
    {
        double[] medians = new double[columns];
        foreach (EncodedNumber number in numbers) medians[number.Column] = number.Encoding.Median;
        return medians;
    }

    private void AddScaled(string filled, bool clipped, EncodedColumns inputs)
    {
        EncodedNumber[] scaled = [.. numbers.Where(number => number.Encoding.Spread > 0 && number.Encoding.Clipped == clipped)];
        if (scaled.Length == 0) return;
        string centered = math.Subtract(Columns(filled, scaled), math.Row([.. scaled.Select(number => number.Encoding.Center)]));
        string z = math.Divide(centered, math.Row([.. scaled.Select(number => number.Encoding.Spread)]));
        z = math.Clip(z, -NumberEncoding.Furthest, NumberEncoding.Furthest);
        if (clipped)
        {
            string third = math.Divide(z, 3);
            z = math.Divide(z, math.Sqrt(math.Add(math.Multiply(third, third), 1)));
        }

        inputs.Add(ToFloat(z), scaled.Select(number => number.Place));
    }

    private void AddSegments(string filled, EncodedColumns inputs)
    {
        (EncodedNumber Number, int Index)[] segments =
            [.. numbers.SelectMany(number => Enumerable.Range(0, Math.Max(number.Encoding.Knots.Length - 1, 0)).Select(i => (number, i)))];
        if (segments.Length == 0) return;
        string below = math.Row([.. segments.Select(segment => segment.Number.Encoding.Knots[segment.Index])]);
        string length = math.Row([.. segments.Select(segment => Length(segment.Number.Encoding.Knots, segment.Index))]);
        string part = math.Divide(math.Subtract(Columns(filled, segments.Select(segment => segment.Number)), below), length);
        inputs.Add(ToFloat(math.Clip(part, 0, 1)), segments.Select(segment => segment.Number.Place + Scaled(segment.Number.Encoding) + segment.Index));
    }

    private void AddAtoms(string filled, EncodedColumns inputs)
    {
        (EncodedNumber Number, int Index)[] atoms =
            [.. numbers.SelectMany(number => Enumerable.Range(0, number.Encoding.Atoms.Length).Select(i => (number, i)))];
        if (atoms.Length == 0) return;
        string equal = math.Equal(Columns(filled, atoms.Select(atom => atom.Number)), math.Row([.. atoms.Select(atom => atom.Number.Encoding.Atoms[atom.Index])]));
        inputs.Add(math.Indicator(equal), atoms.Select(atom =>
            atom.Number.Place + Scaled(atom.Number.Encoding) + Math.Max(atom.Number.Encoding.Knots.Length - 1, 0) + atom.Index));
    }

    private void AddIndicators(string known, EncodedColumns inputs)
    {
        EncodedNumber[] indicators = [.. numbers.Where(number => number.Encoding.Indicator)];
        if (indicators.Length == 0) return;
        inputs.Add(math.Indicator(math.Not(Columns(known, indicators))), indicators.Select(number => number.Place + number.Encoding.Inputs - 1));
    }

    // The difference of what the knots are in the type that is computed in, so that a knot gives exactly 0 or 1.
    private double Length(double[] knots, int segment) => math.Type == Graphs.ElementType.Float
        ? (float)knots[segment + 1] - (float)knots[segment] : knots[segment + 1] - knots[segment];

    private string Columns(string matrix, IEnumerable<EncodedNumber> of) => math.Gather(matrix, [.. of.Select(number => (long)number.Column)]);

    private string ToFloat(string matrix) => math.Type == Graphs.ElementType.Float ? matrix : math.Cast(matrix, Graphs.ElementType.Float);

    private static int Scaled(NumberEncoding encoding) => encoding.Spread > 0 ? 1 : 0;
}
