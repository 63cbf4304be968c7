// SPDX-License-Identifier: MIT
namespace NativeMlp.Reference;

/// <summary>The worst element of a tensor in a gradient check.</summary>
/// <param name="Tensor">Its name, such as <c>layers.0.weight</c>.</param>
/// <param name="Error">The maximum error, relative as defined by the check.</param>
/// <param name="Row">The row of the worst element.</param>
/// <param name="Column">Its column.</param>
/// <param name="Expected">The expected gradient.</param>
/// <param name="Actual">The actual gradient.</param>
/// <param name="Compared">The number of elements that were compared.</param>
/// <param name="Kinks">The number of elements that were left out because a step of the difference crosses a kink of an activation or the
/// loss.</param>
public sealed record GradientCheckRow(
    string Tensor, double Error, int Row, int Column, double Expected, double Actual, int Compared, int Kinks)
{
    /// <summary>The number of elements that were left out because their difference is not precise enough to check a gradient,
    /// for example if the loss is so large that rounding hides the change by a step.</summary>
    public int Uncertain { get; init; }
}

/// <summary>
/// Checks gradients. Those of the reference are compared with central differences of its loss, as in the course, and the native
/// ones with those of the reference.
/// </summary>
public static class GradientCheck
{
    /// <summary>The error of <see cref="Numeric"/> below which a gradient is correct.</summary>
    internal const double NumericLimit = 1e-8;

    /// <summary>The error of <see cref="Native"/> below which a gradient is correct: about 80 epsilons of float32.</summary>
    internal const double NativeLimit = 1e-5;

    private const double Step = 5e-4;
    private const double Floor = 1e-3; // of the greatest gradient: smaller ones are judged as if they had this size
    private const double Sharp = 1e-4; // of the greatest gradient: a difference that is less certain judges nothing

    // Roundings in a loss, each of at most half an epsilon of the values that it is made of: sums over inputs, units and rows.
    private const double Roundings = 128;

    /// <summary>
    /// The chain rule against central differences of fourth order, <c>D(h) = (8·(L(w + h) − L(w − h)) − (L(w + 2h) − L(w − 2h)))/12h</c>,
    /// both in double precision. The error is <c>|a − b| / max(|a| + |b|, 1e−3·greatest, u/1e−8)</c>, with the greatest gradient of all
    /// tensors and the uncertainty of the difference, <c>u = 2·|D(h) − D(h/2)| + 128·ε·(|L| + greatest score)/h</c>: what the series is cut off
    /// at, and what rounding leaves of the losses. Below 1e−8 is a pass. Elements at a kink, and those with
    /// <c>u &gt; 1e−4·greatest</c>, are left out and counted.
    /// </summary>
    /// <param name="network">The network. Its parameters are changed and restored.</param>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>.</param>
    /// <param name="targets">The targets of the scores.</param>
    /// <param name="l2">The weight of the penalty.</param>
    /// <param name="masks">Dropout's mask of each layer, null for none.</param>
    /// <returns>One row for each tensor, layer by layer.</returns>
    public static IReadOnlyList<GradientCheckRow> Numeric(
        ReferenceNetwork network, double[,] x, ReferenceTargets targets, double l2 = 0, IReadOnlyList<double[,]?>? masks = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ReferenceGradient[] gradients = network.Gradients(x, targets, l2, masks).Layers;
        return CompareWithDifferences(network, x, targets, gradients, l2, masks);
    }

    /// <summary>Compares any gradients with the differences, so that a test can check that wrong ones are found.</summary>
    internal static IReadOnlyList<GradientCheckRow> CompareWithDifferences(ReferenceNetwork network, double[,] x, ReferenceTargets targets,
        ReferenceGradient[] gradients, double l2 = 0, IReadOnlyList<double[,]?>? masks = null)
    {
        var problem = new Problem(network, x, targets, l2, masks, gradients.Max(Greatest));
        return
        [
            .. Each(network, (l, tensor) => problem.Check(
                Name(l, tensor), ReferenceNetwork.Tensor(network.Layers[l], tensor), ReferenceNetwork.Tensor(gradients[l], tensor), network.Layers[l].Width)),
        ];
    }

    /// <summary>
    /// The native float32 gradients against the reference's. An element is a sum over the rows, whose parts may cancel, as those of a bias in
    /// front of a batch norm do. So its error is relative to the greatest such sum of the parts' absolute values in its
    /// tensor, or to a tenth of the greatest gradient of its layer. Where a change of the weights in their last float32 digit changes the
    /// gradients more than that, as in saturated layers, it is relative to 1e5 times sixteen such changes. Below 1e−5 is a pass.
    /// </summary>
    /// <param name="mlp">The network; its parameters do not change.</param>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>, rows without gaps.</param>
    /// <param name="targets">The targets of the scores.</param>
    /// <param name="l2">The weight of the penalty.</param>
    /// <returns>One row for each tensor, layer by layer.</returns>
    public static IReadOnlyList<GradientCheckRow> Native(Mlp mlp, ReadOnlySpan<float> x, ReferenceTargets targets, double l2 = 0)
    {
        ArgumentNullException.ThrowIfNull(mlp);
        ArgumentNullException.ThrowIfNull(targets);
        int rows = x.Length / mlp.Inputs;
        mlp.ComputeGradients(ToBatch(x, rows, targets), l2);
        ReferenceNetwork network = ReferenceNetwork.FromMlp(mlp);
        ReferenceGradient[] expected = network.Gradients(ToDoubles(x, rows), targets, l2, Masks(mlp, rows)).Layers;
        var sizes = new GradientSizes(network, ToDoubles(x, rows), targets, l2, Masks(mlp, rows));
        return
        [
            .. Each(network, (l, tensor) => NativeTensor(Name(l, tensor), mlp, l, tensor, ReferenceNetwork.Tensor(expected[l], tensor),
                Math.Max(0.1 * Greatest(expected[l]), Math.Max(sizes.OfParts(l, tensor), sizes.OfRounding(l, tensor) / NativeLimit)))),
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
                continue;

            float[] mask = new float[rows * shape.Outputs];
            Kernels.DropoutMask(mlp.Options.Seed, mlp.OptimizerState.Steps + 1, l, shape.Outputs, (float)shape.Dropout, mask);
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
            matrix[i / matrix.GetLength(1), i % matrix.GetLength(1)] = x[i];

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
                yield return check(l, LayerTensor.Gamma);
                yield return check(l, LayerTensor.Beta);
            }
        }
    }

    private static string Name(int layer, LayerTensor tensor) => tensor switch
    {
        LayerTensor.Weight => $"layers.{layer}.weight",
        LayerTensor.Bias => $"layers.{layer}.bias",
        LayerTensor.Gamma => $"layers.{layer}.norm.weight",
        _ => $"layers.{layer}.norm.bias",
    };

    internal static double Greatest(ReadOnlySpan<double> values)
    {
        double greatest = 0;
        foreach (double value in values)
            greatest = Math.Max(greatest, Math.Abs(value));

        return greatest;
    }

    private static double Greatest(ReferenceGradient gradient) =>
        gradient.Weight.Cast<double>().Concat(gradient.Bias).Concat(gradient.Gamma).Concat(gradient.Beta).Max(Math.Abs);

    private static GradientCheckRow NativeTensor(
        string name, Mlp mlp, int layer, LayerTensor which, ReadOnlySpan<double> expected, double floor)
    {
        float[] actual = new float[expected.Length];
        mlp.Read(TensorKind.Gradient, layer, which, actual);
        double greatest = Math.Max(Math.Max(floor, Greatest(expected)), double.Epsilon);
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
        ReferenceNetwork network, double[,] x, ReferenceTargets targets, double l2, IReadOnlyList<double[,]?>? masks, double greatest)
    {
        private readonly bool[] _sides = Sides(network, x, targets, masks);

        // Of a sum or a difference of scores, rounding leaves a part of the scores, however small the loss.
        private readonly double _rounding = Roundings * Math.ScaleB(1, -52) / Step
            * (Math.Abs(network.Loss(x, targets, l2, masks)) + network.Train(x, masks)[^1].Y.Cast<double>().Max(Math.Abs));

        public GradientCheckRow Check(string name, Span<double> values, ReadOnlySpan<double> gradient, int columns)
        {
            var worst = new GradientCheckRow(name, 0, 0, 0, 0, 0, 0, 0);
            int kinks = 0, uncertain = 0;
            for (int i = 0; i < values.Length; i++)
            {
                if (Difference(ref values[i]) is not var (difference, uncertainty))
                {
                    kinks++;
                    continue;
                }

                if (uncertainty > Sharp * greatest && difference != gradient[i])
                {
                    uncertain++;
                    continue;
                }

                double size = Math.Max(Math.Abs(difference) + Math.Abs(gradient[i]), Math.Max(Floor * greatest, uncertainty / NumericLimit));
                double error = difference == gradient[i] ? 0 : Math.Abs(difference - gradient[i]) / size;
                if (error > worst.Error || double.IsNaN(error))
                {
                    worst = worst with { Error = error, Row = i / columns, Column = i % columns, Expected = difference, Actual = gradient[i] };
                }
            }

            return worst with { Compared = values.Length - kinks - uncertain, Kinks = kinks, Uncertain = uncertain };
        }

        // Null where a step crosses a kink. Two step sizes tell how much of the difference is not the derivative.
        private (double Value, double Uncertainty)? Difference(ref double parameter)
        {
            double kept = parameter;
            bool smooth = true;
            double half = Across(ref parameter, kept, Step / 2, ref smooth), one = Across(ref parameter, kept, Step, ref smooth),
                two = Across(ref parameter, kept, 2 * Step, ref smooth);
            parameter = kept;
            double value = ((8 * one) - two) / (12 * Step), finer = ((8 * half) - one) / (6 * Step);
            return smooth ? (value, (2 * Math.Abs(value - finer)) + _rounding) : null;
        }

        private double Across(ref double parameter, double kept, double step, ref bool smooth) =>
            LossAt(ref parameter, kept + step, ref smooth) - LossAt(ref parameter, kept - step, ref smooth);

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
                if (network.Layers[l].Activation.HasKink())
                    sides.AddRange(passes[l].V.Cast<double>().Select(v => v > 0));

                for (int p = 1; p < network.Layers[l].Pieces; p++)
                    sides.AddRange(ReferenceMaxout.Winners(passes[l].V, network.Layers[l].Pieces).Cast<int>().Select(winner => winner == p));
            }

            return [.. sides, .. network.LossFunction.Sides(passes[^1].Y, targets)];
        }
    }
}
