// SPDX-License-Identifier: MIT
namespace NativeMlp.Reference;

/// <summary>A loss: <c>Σ wᵢ·Lᵢ / Σ wᵢ</c> over the rows, as described by <see cref="Loss"/>, and its gradient.</summary>
/// <param name="kind">Which.</param>
/// <param name="classWeights">A weight for each output; null or empty for all 1.</param>
/// <param name="labelSmoothing"><c>ε</c> of <see cref="Loss.SoftmaxCrossEntropy"/>.</param>
/// <param name="delta"><c>δ</c> of <see cref="Loss.Huber"/> and <see cref="Loss.MulticlassHinge"/>.</param>
public sealed class ReferenceLoss(Loss kind, IReadOnlyList<double>? classWeights = null, double labelSmoothing = 0, double delta = 1)
{
    /// <summary>Which.</summary>
    public Loss Kind => kind;

    /// <summary>The loss of a batch of scores.</summary>
    /// <param name="scores"><c>[rows × outputs]</c>.</param>
    /// <param name="targets">What they should be.</param>
    public double Value(double[,] scores, ReferenceTargets targets)
    {
        double sum = 0;
        for (int i = 0; i < scores.GetLength(0); i++)
            sum += targets.Weight(i) * RowLoss(scores, i, targets);

        return sum / TotalWeight(scores, targets);
    }

    /// <summary>The gradient of <see cref="Value"/>, <c>[rows × outputs]</c>.</summary>
    /// <param name="scores"><c>[rows × outputs]</c>.</param>
    /// <param name="targets">What they should be.</param>
    public double[,] Gradient(double[,] scores, ReferenceTargets targets)
    {
        int rows = scores.GetLength(0), outputs = scores.GetLength(1);
        double total = TotalWeight(scores, targets);
        var gradient = new double[rows, outputs];
        for (int i = 0; i < rows; i++)
        {
            double[] row = RowGradient(scores, i, targets);
            for (int j = 0; j < outputs; j++)
                gradient[i, j] = targets.Weight(i) * row[j] / total;
        }

        return gradient;
    }

    /// <summary>The softmax of one row: <c>exp(s − max) / Σ exp(s − max)</c>.</summary>
    /// <param name="scores">The scores, <c>[rows × classes]</c>.</param>
    /// <param name="row">Which row.</param>
    /// <returns>The probabilities, <c>[classes]</c>.</returns>
    internal static double[] Softmax(double[,] scores, int row)
    {
        double[] log = LogSoftmax(scores, row);
        return Array.ConvertAll(log, Math.Exp);
    }

    // (s - max) - log Σ exp(s - max): no logarithm of a vanishing number.
    private static double[] LogSoftmax(double[,] scores, int row)
    {
        int classes = scores.GetLength(1);
        double max = double.NegativeInfinity;
        for (int j = 0; j < classes; j++)
            max = Math.Max(max, scores[row, j]);

        double sum = 0;
        for (int j = 0; j < classes; j++)
            sum += Math.Exp(scores[row, j] - max);

        var log = new double[classes];
        for (int j = 0; j < classes; j++)
            log[j] = scores[row, j] - max - Math.Log(sum);

        return log;
    }

    // What the sum of the rows is divided by: their weights, each times its class's for the softmax.
    private double TotalWeight(double[,] scores, ReferenceTargets targets)
    {
        double sum = 0;
        for (int i = 0; i < scores.GetLength(0); i++)
            sum += targets.Weight(i) * (kind.WeighsRowsByClass() ? ClassWeight(targets.Labels[i]) : 1);

        return sum;
    }

    private double ClassWeight(int output) => classWeights is null or { Count: 0 } ? 1 : classWeights[output];

    private double RowLoss(double[,] scores, int i, ReferenceTargets targets)
    {
        int outputs = scores.GetLength(1);
        double sum = 0;
        switch (kind)
        {
            case Loss.SoftmaxCrossEntropy:
                double[] log = LogSoftmax(scores, i);
                for (int j = 0; j < outputs; j++)
                {
                    double target = SmoothTarget(targets.Labels[i], j, outputs);
                    sum -= target == 0 ? 0 : target * log[j];
                }

                return sum;
            case Loss.MulticlassHinge:
                for (int j = 0; j < outputs; j++)
                    sum += Math.Max(0, Margin(scores, i, j, targets.Labels[i]));

                return sum;
            default:
                for (int j = 0; j < outputs; j++)
                    sum += ElementLoss(scores[i, j], targets.Value(i, j, outputs), ClassWeight(j));

                return sum / outputs;
        }
    }

    private double[] RowGradient(double[,] scores, int i, ReferenceTargets targets)
    {
        int outputs = scores.GetLength(1);
        var gradient = new double[outputs];
        switch (kind)
        {
            case Loss.SoftmaxCrossEntropy:
                double[] p = Softmax(scores, i);
                double all = 0;
                for (int j = 0; j < outputs; j++)
                    all += SmoothTarget(targets.Labels[i], j, outputs);

                for (int j = 0; j < outputs; j++)
                    gradient[j] = (p[j] * all) - SmoothTarget(targets.Labels[i], j, outputs);

                break;
            case Loss.MulticlassHinge:
                for (int j = 0; j < outputs; j++)
                {
                    if (Margin(scores, i, j, targets.Labels[i]) > 0)
                    {
                        gradient[j] += 1;
                        gradient[targets.Labels[i]] -= 1;
                    }
                }

                break;
            default:
                for (int j = 0; j < outputs; j++)
                    gradient[j] = ElementDerivative(scores[i, j], targets.Value(i, j, outputs), ClassWeight(j)) / outputs;

                break;
        }

        return gradient;
    }

    // 1 - ε at the label and ε/n everywhere, each times its class's weight.
    private double SmoothTarget(int label, int output, int outputs) =>
        ClassWeight(output) * ((labelSmoothing / outputs) + (output == label ? 1 - labelSmoothing : 0));

    // On which side of its kinks the loss is, for gradient checks.
    internal IEnumerable<bool> Sides(double[,] scores, ReferenceTargets targets)
    {
        for (int i = 0; i < scores.GetLength(0); i++)
        {
            for (int j = 0; j < scores.GetLength(1); j++)
            {
                if (kind == Loss.MulticlassHinge) yield return Margin(scores, i, j, targets.Labels[i]) > 0;
                if (kind == Loss.Huber) yield return Math.Abs(scores[i, j] - targets.Value(i, j, scores.GetLength(1))) > delta;
            }
        }
    }

    private double Margin(double[,] scores, int row, int output, int label) =>
        output == label ? 0 : scores[row, output] - scores[row, label] + delta;

    private double ElementLoss(double s, double t, double weight)
    {
        double d = s - t;
        return kind switch
        {
            Loss.MeanSquaredError => d * d,
            Loss.Huber => Math.Abs(d) <= delta ? d * d / 2 : delta * (Math.Abs(d) - (delta / 2)),
            Loss.BinaryCrossEntropy => ((1 - t) * ReferenceActivation.Softplus(s)) + (weight * t * ReferenceActivation.Softplus(-s)),
            _ => throw new NotSupportedException($"The reference has no loss {kind}."),
        };
    }

    private double ElementDerivative(double s, double t, double weight)
    {
        double d = s - t;
        return kind switch
        {
            Loss.MeanSquaredError => 2 * d,
            Loss.Huber => Math.Clamp(d, -delta, delta),
            Loss.BinaryCrossEntropy => ((1 - t) * ReferenceActivation.Sigmoid(s)) - (weight * t * ReferenceActivation.Sigmoid(-s)),
            _ => throw new NotSupportedException($"The reference has no loss {kind}."),
        };
    }
}
