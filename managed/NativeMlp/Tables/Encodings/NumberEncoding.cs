// SPDX-License-Identifier: MIT
using System.Text.Json.Serialization;

namespace NativeMlp.Tables.Encodings;

/// <summary>
/// A number as a scaled number, as its place among quantiles (a piecewise-linear encoding: an input for each segment, 1 above
/// it, 0 below, and in between the part of the way) and as one of the values that many training rows share.
/// </summary>
internal sealed class NumberEncoding : FeatureEncoding
{
    // What is further out than any training row can be must not become infinite as a float32.
    internal const double Furthest = 1e6;

    /// <summary>Stands for a missing value.</summary>
    public required double Median { get; init; }

    /// <summary>Subtracted from each value.</summary>
    public required double Center { get; init; }

    /// <summary>Divides each value after that; 0 where all training rows have the same value.</summary>
    public required double Spread { get; init; }

    /// <summary>Whether the scaled number z becomes <c>z/√(1 + (z/3)²)</c>, which stays between −3 and 3.</summary>
    public required bool Clipped { get; init; }

    /// <summary>Whether an input says that the value is missing.</summary>
    public required bool Indicator { get; init; }

    /// <summary>The ends of the segments, ascending; one more than segments, or none.</summary>
    public required double[] Knots { get; init; }

    /// <summary>The values that have an input of their own, ascending.</summary>
    public required double[] Atoms { get; init; }

    [JsonIgnore]
    public override int Inputs => (Spread > 0 ? 1 : 0) + Segments + Atoms.Length + (Indicator ? 1 : 0);

    private int Segments => Math.Max(Knots.Length - 1, 0);

    public override double Read(double number) => CellReaders.Number.Read(number);

    public override double Read(string? text) => CellReaders.Number.Read(text);

    public override void Encode(double cell, Span<float> inputs)
    {
        bool missing = !double.IsFinite(cell);
        double value = missing ? Median : cell;
        if (Indicator)
        {
            inputs[^1] = missing ? 1 : 0;
            inputs = inputs[..^1];
        }

        if (Spread > 0)
        {
            inputs[0] = (float)Scale(value);
            inputs = inputs[1..];
        }

        EncodeSegments(value, inputs[..Segments]);
        inputs = inputs[Segments..];
        inputs.Clear();
        if (Array.BinarySearch(Atoms, value) is int atom and >= 0) inputs[atom] = 1;
    }

    public override IEnumerable<string> InputNames(string column)
    {
        if (Spread > 0) yield return column;
        for (int i = 0; i < Segments; i++) yield return $"{column}[{Cell.NameOf(Knots[i])}..{Cell.NameOf(Knots[i + 1])}]";
        foreach (double atom in Atoms) yield return $"{column}={Cell.NameOf(atom)}";
        if (Indicator) yield return $"{column} is missing";
    }

    public override string? Problem()
    {
        if (!(double.IsFinite(Median) && double.IsFinite(Center) && Spread >= 0 && double.IsFinite(Spread)))
            return "its median, centre or spread is not a number that can be";
        return IsAscending(Knots) && IsAscending(Atoms) && Knots.Length != 1 ? null : "its knots or values do not ascend";
    }

    private double Scale(double value)
    {
        double z = Math.Clamp((value - Center) / Spread, -Furthest, Furthest);
        return Clipped ? z / Math.Sqrt(1 + (z / 3 * (z / 3))) : z;
    }

    private void EncodeSegments(double value, Span<float> segments)
    {
        if (segments.IsEmpty) return;
        int found = Array.BinarySearch(Knots, value);
        int above = found >= 0 ? found : ~found; // the first knot that is not less
        int full = Math.Clamp(found >= 0 ? found : above - 1, 0, segments.Length);
        segments[..full].Fill(1);
        segments[full..].Clear();
        if (found < 0 && above > 0 && above < Knots.Length)
            segments[full] = (float)((value - Knots[full]) / (Knots[above] - Knots[full]));
    }

    private static bool IsAscending(double[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]) || (i > 0 && !(values[i - 1] < values[i]))) return false;
        }

        return true;
    }
}
