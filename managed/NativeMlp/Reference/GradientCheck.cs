// SPDX-License-Identifier: MIT
namespace NativeMlp.Reference;

/// <summary>One tensor's worst element in a gradient check.</summary>
/// <param name="Tensor">Its name, such as <c>layers.0.weight</c>.</param>
/// <param name="Error">The greatest error seen, relative as the check defines it.</param>
/// <param name="Row">The worst element's row.</param>
/// <param name="Column">Its column.</param>
/// <param name="Expected">The gradient it should have.</param>
/// <param name="Actual">The gradient it has.</param>
/// <param name="Compared">Elements that were compared.</param>
/// <param name="Kinks">Elements left out because a step of the difference crosses a kink of an activation or the loss.</param>
public sealed record GradientCheckRow(
    string Tensor, double Error, int Row, int Column, double Expected, double Actual, int Compared, int Kinks);

/// <summary>
/// Checks gradients. The reference's own are held against central differences of its loss, as the course does; the native
/// ones against the reference's.
/// </summary>
public static class GradientCheck
{
    private const double Step = 5e-4;
    private const double Floor = 1e-3; // of the greatest gradient: rounding in the loss hides the last digits of smaller ones

    /// <summary>
    /// The chain rule against central differences of fourth order, <c>(8·(L(w + h) − L(w − h)) − (L(w + 2h) − L(w − 2h)))/12h</c>,
    /// both in double precision. The error is <c>|a − b| / max(|a| + |b|, 1e−3·greatest)</c>, the greatest gradient of all
    /// tensors; below 1e−8 is a pass.
    /// </summary>
    /// <param name="network">The network; its parameters are moved and put back.</param>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>.</param>
    /// <param name="targets">What the scores should be.</param>
    /// <param name="l2">The penalty's weight.</param>
    /// <param name="masks">Dropout's mask of each layer, null for none.</param>
    /// <returns>One row for each tensor, layer by layer.</returns>
    public static IReadOnlyList<GradientCheckRow> Numeric(
        ReferenceNetwork network, double[,] x, ReferenceTargets targets, double l2 = 0, IReadOnlyList<double[,]?>? masks = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ReferenceGradient[] gradients = network.Gradients(x, targets, l2, masks).Layers;
        double greatest = gradients.Max(Greatest);
        var problem = new Problem(network, x, targets, l2, masks, Math.Max(1e-8, Floor * greatest));
        return
        [
            .. Each(network, (l, tensor) => problem.Check(
                Name(l, tensor), ReferenceNetwork.Tensor(network.Layers[l], tensor), ReferenceNetwork.Tensor(gradients[l], tensor), network.Layers[l].Width)),
        ];
    }

    /// <summary>
    /// The native float32 gradients against the reference's. The error of an element is relative to
    /// the greatest gradient of its tensor, or to a tenth of that of its layer: single elements may cancel, and a bias in
    /// front of a batch norm has no gradient but what rounding leaves.
    /// </summary>
    /// <param name="mlp">The network; its parameters do not change.</param>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>, rows without gaps.</param>
    /// <param name="targets">What the scores should be.</param>
    /// <param name="l2">The penalty's weight.</param>
    /// <returns>One row for each tensor, layer by layer.</returns>
    public static IReadOnlyList<GradientCheckRow> Native(Mlp mlp, ReadOnlySpan<float> x, ReferenceTargets targets, double l2 = 0)
    {
        ArgumentNullException.ThrowIfNull(mlp);
        ArgumentNullException.ThrowIfNull(targets);
        int rows = x.Length / mlp.Inputs;
        mlp.ComputeGradients(ToBatch(x, rows, targets), l2);
        ReferenceNetwork network = ReferenceNetwork.FromMlp(mlp);
        ReferenceGradient[] expected = network.Gradients(ToDoubles(x, rows), targets, l2, Masks(mlp, rows)).Layers;
        return
        [
            .. Each(network, (l, tensor) =>
                NativeTensor(Name(l, tensor), mlp, l, tensor, ReferenceNetwork.Tensor(expected[l], tensor), 0.1 * Greatest(expected[l]))),
        ];
    }

    /// <summary>The masks that the next training step of a network will draw, null for layers without dropout.</summary>
    /// <param name="mlp">The network.</param>
    /// <param name="rows">Rows of the batch.</param>
    public static IReadOnlyList<double[,]?> Masks(Mlp mlp, int rows)
    {
        ArgumentNullException.ThrowIfNull(mlp);
        var masks = new double[,]?[mlp.Layers.Count];
        for (int l = 0; l < masks.Length; l++)
        {
            LayerShape shape = mlp.Layers[l];
            if (shape.Dropout == 0)
            {
                continue;
            }

            float[] mask = new float[rows * shape.Outputs];
            Kernels.DropoutMask(mlp.Options.Seed, mlp.Progress.Steps + 1, l, shape.Outputs, (float)shape.Dropout, mask);
            masks[l] = ToDoubles(mask, rows);
        }

        return masks;
    }

    /// <summary>Copies rows of float32 into a matrix of doubles.</summary>
    /// <param name="x">The values, rows without gaps.</param>
    /// <param name="rows">The number of rows.</param>
    /// <returns>The matrix, <c>[rows × columns]</c>.</returns>
    public static double[,] ToDoubles(ReadOnlySpan<float> x, int rows)
    {
        var matrix = new double[rows, rows == 0 ? 0 : x.Length / rows];
        for (int i = 0; i < x.Length; i++)
        {
            matrix[i / matrix.GetLength(1), i % matrix.GetLength(1)] = x[i];
        }

        return matrix;
    }

    private static Batch ToBatch(ReadOnlySpan<float> x, int rows, ReferenceTargets targets)
    {
        float[] values = targets.Values is null ? [] : [.. targets.Values.Cast<double>().Select(value => (float)value)];
        float[] weights = targets.Weights is null ? [] : Array.ConvertAll(targets.Weights, weight => (float)weight);
        return Batch.FromRows(x, rows, targets.Labels) with { Targets = values, Weights = weights };
    }

    private static IEnumerable<GradientCheckRow> Each(ReferenceNetwork network, Func<int, LayerTensor, GradientCheckRow> check)
    {
        for (int l = 0; l < network.Layers.Count; l++)
        {
            yield return check(l, LayerTensor.Weight);
            yield return check(l, LayerTensor.Bias);
            if (network.Layers[l].Norm != Norm.None)
            {
                yield return check(l, LayerTensor.Gain);
                yield return check(l, LayerTensor.Shift);
            }
        }
    }

    private static string Name(int layer, LayerTensor tensor) => tensor switch
    {
        LayerTensor.Weight => $"layers.{layer}.weight",
        LayerTensor.Bias => $"layers.{layer}.bias",
        LayerTensor.Gain => $"layers.{layer}.norm.weight",
        _ => $"layers.{layer}.norm.bias",
    };

    private static double Greatest(ReferenceGradient gradient) =>
        gradient.Weight.Cast<double>().Concat(gradient.Bias).Concat(gradient.Gain).Concat(gradient.Shift).Max(Math.Abs);

    private static GradientCheckRow NativeTensor(
        string name, Mlp mlp, int layer, LayerTensor which, ReadOnlySpan<double> expected, double floor)
    {
        float[] actual = new float[expected.Length];
        mlp.Read(TensorKind.Gradient, layer, which, actual);
        double greatest = Math.Max(floor, double.Epsilon);
        foreach (double value in expected)
        {
            greatest = Math.Max(greatest, Math.Abs(value));
        }

        int columns = mlp.Layers[layer].Width;
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

    // A loss as a function of one parameter.
    private sealed class Problem(
        ReferenceNetwork network, double[,] x, ReferenceTargets targets, double l2, IReadOnlyList<double[,]?>? masks, double floor)
    {
        private readonly bool[] _sides = Sides(network, x, targets, masks);

        public GradientCheckRow Check(string name, Span<double> values, ReadOnlySpan<double> gradient, int columns)
        {
            var worst = new GradientCheckRow(name, 0, 0, 0, 0, 0, 0, 0);
            int kinks = 0;
            for (int i = 0; i < values.Length; i++)
            {
                double kept = values[i];
                bool smooth = true;
                double near = LossAt(ref values[i], kept + Step, ref smooth) - LossAt(ref values[i], kept - Step, ref smooth);
                double far = LossAt(ref values[i], kept + (2 * Step), ref smooth) - LossAt(ref values[i], kept - (2 * Step), ref smooth);
                values[i] = kept;
                if (!smooth)
                {
                    kinks++;
                    continue;
                }

                double difference = ((8 * near) - far) / (12 * Step);
                double error = Math.Abs(difference - gradient[i]) / Math.Max(floor, Math.Abs(difference) + Math.Abs(gradient[i]));
                if (error > worst.Error || double.IsNaN(error))
                {
                    worst = worst with { Error = error, Row = i / columns, Column = i % columns, Expected = difference, Actual = gradient[i] };
                }
            }

            return worst with { Compared = values.Length - kinks, Kinks = kinks };
        }

        private double LossAt(ref double parameter, double value, ref bool smooth)
        {
            parameter = value;
            smooth &= Sides(network, x, targets, masks).AsSpan().SequenceEqual(_sides);
            return network.Loss(x, targets, l2, masks);
        }

        // On which side of each kink the network is: where this changes, a difference spans one.
        private static bool[] Sides(ReferenceNetwork network, double[,] x, ReferenceTargets targets, IReadOnlyList<double[,]?>? masks)
        {
            var sides = new List<bool>();
            ReferencePass[] passes = network.Train(x, masks);
            for (int l = 0; l < passes.Length; l++)
            {
                if (network.Layers[l].Activation is Activation.Relu or Activation.LeakyRelu or Activation.Elu)
                {
                    sides.AddRange(passes[l].V.Cast<double>().Select(v => v > 0));
                }

                for (int p = 1; p < network.Layers[l].Pieces; p++)
                {
                    sides.AddRange(ReferenceMaxout.Winners(passes[l].V, network.Layers[l].Pieces).Cast<int>().Select(winner => winner == p));
                }
            }

            return [.. sides, .. network.LossFunction.Sides(passes[^1].Y, targets)];
        }
    }
}
