// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;

namespace NativeMlp.Reference;

/// <summary>One tensor's worst element in a gradient check.</summary>
/// <param name="Tensor">Its name, such as <c>layers.0.weight</c>.</param>
/// <param name="Error">The greatest error seen, relative as the check defines it.</param>
/// <param name="Row">The worst element's row.</param>
/// <param name="Column">Its column.</param>
/// <param name="Expected">The gradient it should have.</param>
/// <param name="Actual">The gradient it has.</param>
/// <param name="Compared">Elements that were compared.</param>
/// <param name="Kinks">Elements left out because a step of the difference crosses a kink of ReLU.</param>
public sealed record GradientCheckRow(
    string Tensor, double Error, int Row, int Column, double Expected, double Actual, int Compared, int Kinks);

/// <summary>
/// Checks gradients. The reference's own are held against central differences of its loss,
/// <c>(L(w + h) − L(w − h)) / 2h</c>, as the course does; the native ones against the reference's.
/// </summary>
public static class GradientCheck
{
    private const double Step = 1e-5;

    /// <summary>
    /// The chain rule against central differences, both in double precision. The error is
    /// <c>|a − b| / max(1e−8, |a| + |b|)</c>; below 1e−8 is a pass.
    /// </summary>
    /// <param name="network">The network; its parameters are moved and put back.</param>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="l2">The penalty's weight.</param>
    /// <returns>One row for each tensor, weight and bias of each layer in turn.</returns>
    public static IReadOnlyList<GradientCheckRow> Numeric(ReferenceNetwork network, double[,] x, ReadOnlySpan<int> labels, double l2 = 0)
    {
        ArgumentNullException.ThrowIfNull(network);
        ReferenceGradient[] gradients = network.Gradients(x, labels, l2).Layers;
        var rows = new List<GradientCheckRow>();
        for (int l = 0; l < gradients.Length; l++)
        {
            ReferenceLayer layer = network.Layers[l];
            rows.Add(NumericTensor($"layers.{l}.weight", network, Flat(layer.Weight), Flat(gradients[l].Weight), layer.Outputs, x, labels, l2));
            rows.Add(NumericTensor($"layers.{l}.bias", network, layer.Bias, gradients[l].Bias, layer.Outputs, x, labels, l2));
        }

        return rows;
    }

    /// <summary>
    /// The native float32 gradients against the reference's. The error of an element is relative to
    /// the greatest gradient of its tensor: single elements may cancel.
    /// </summary>
    /// <param name="mlp">The network; its parameters do not change.</param>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>, rows without gaps.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="l2">The penalty's weight.</param>
    /// <returns>One row for each tensor, weight and bias of each layer in turn.</returns>
    public static IReadOnlyList<GradientCheckRow> Native(Mlp mlp, ReadOnlySpan<float> x, ReadOnlySpan<int> labels, double l2 = 0)
    {
        ArgumentNullException.ThrowIfNull(mlp);
        mlp.ComputeGradients(Batch.FromRows(x, labels.Length, labels), l2);
        ReferenceGradient[] expected = ReferenceNetwork.FromMlp(mlp).Gradients(ToDoubles(x, labels.Length), labels, l2).Layers;
        var rows = new List<GradientCheckRow>();
        for (int l = 0; l < expected.Length; l++)
        {
            rows.Add(NativeTensor($"layers.{l}.weight", mlp, l, LayerTensor.Weight, Flat(expected[l].Weight)));
            rows.Add(NativeTensor($"layers.{l}.bias", mlp, l, LayerTensor.Bias, expected[l].Bias));
        }

        return rows;
    }

    /// <summary>Copies rows of float32 into a matrix of doubles.</summary>
    /// <param name="x">The values, rows without gaps.</param>
    /// <param name="rows">The number of rows.</param>
    /// <returns>The matrix, <c>[rows × columns]</c>.</returns>
    public static double[,] ToDoubles(ReadOnlySpan<float> x, int rows)
    {
        var matrix = new double[rows, rows == 0 ? 0 : x.Length / rows];
        Span<double> flat = Flat(matrix);
        for (int i = 0; i < flat.Length; i++)
        {
            flat[i] = x[i];
        }

        return matrix;
    }

    private static GradientCheckRow NumericTensor(
        string name, ReferenceNetwork network, Span<double> values, ReadOnlySpan<double> gradient, int columns, double[,] x, ReadOnlySpan<int> labels, double l2)
    {
        var worst = new GradientCheckRow(name, 0, 0, 0, 0, 0, 0, 0);
        bool[] signs = Signs(network, x);
        int kinks = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double kept = values[i];
            values[i] = kept + Step;
            double above = network.Loss(x, labels, l2);
            bool kink = !Signs(network, x).AsSpan().SequenceEqual(signs);
            values[i] = kept - Step;
            double below = network.Loss(x, labels, l2);
            kink |= !Signs(network, x).AsSpan().SequenceEqual(signs);
            values[i] = kept;
            if (kink)
            {
                kinks++;
                continue;
            }

            double difference = (above - below) / (2 * Step);
            double error = Math.Abs(difference - gradient[i]) / Math.Max(1e-8, Math.Abs(difference) + Math.Abs(gradient[i]));
            if (error > worst.Error || double.IsNaN(error))
            {
                worst = worst with { Error = error, Row = i / columns, Column = i % columns, Expected = difference, Actual = gradient[i] };
            }
        }

        return worst with { Compared = values.Length - kinks, Kinks = kinks };
    }

    private static GradientCheckRow NativeTensor(string name, Mlp mlp, int layer, LayerTensor which, ReadOnlySpan<double> expected)
    {
        float[] actual = new float[expected.Length];
        mlp.Read(TensorKind.Gradient, layer, which, actual);
        double greatest = double.Epsilon;
        foreach (double value in expected)
        {
            greatest = Math.Max(greatest, Math.Abs(value));
        }

        int columns = mlp.Layers[layer].Outputs;
        var worst = new GradientCheckRow(name, 0, 0, 0, 0, 0, expected.Length, 0);
        for (int i = 0; i < actual.Length; i++)
        {
            double error = Math.Abs(actual[i] - expected[i]) / greatest;
            if (error > worst.Error || double.IsNaN(error))
            {
                worst = worst with { Error = error, Row = i / columns, Column = i % columns, Expected = expected[i], Actual = actual[i] };
            }
        }

        return worst;
    }

    // Which ReLUs are on: where this changes between w - h and w + h, a difference spans a kink.
    private static bool[] Signs(ReferenceNetwork network, double[,] x)
    {
        var on = new List<bool>();
        double[][,] outputs = network.Forward(x);
        for (int l = 0; l < outputs.Length; l++)
        {
            if (network.Layers[l].Activation == Activation.Relu)
            {
                foreach (double y in outputs[l])
                {
                    on.Add(y > 0);
                }
            }
        }

        return [.. on];
    }

    private static Span<double> Flat(double[,] matrix) =>
        matrix.Length == 0 ? [] : MemoryMarshal.CreateSpan(ref matrix[0, 0], matrix.Length);
}
