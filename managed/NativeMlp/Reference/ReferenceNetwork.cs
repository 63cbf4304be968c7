// SPDX-License-Identifier: MIT
namespace NativeMlp.Reference;

/// <summary>
/// The network in plain double-precision loops: the executable definition of what the native
/// library computes, written to be read. It judges the kernels, it is the slow side of a gradient
/// check, and it is the place to begin for someone who wants to understand the mathematics:
/// <see cref="ReferenceLayer"/> first, then <see cref="Loss"/>, then <see cref="Gradients"/>.
/// </summary>
public sealed class ReferenceNetwork
{
    /// <summary>Makes a network of these layers; each takes the outputs of the one before.</summary>
    /// <param name="layers">At least one layer.</param>
    /// <exception cref="ArgumentException">No layers, or two neighbours do not fit together.</exception>
    public ReferenceNetwork(IReadOnlyList<ReferenceLayer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
        {
            throw new ArgumentException("A network needs at least one layer.", nameof(layers));
        }

        for (int l = 1; l < layers.Count; l++)
        {
            if (layers[l].Inputs != layers[l - 1].Outputs)
            {
                throw new ArgumentException(
                    $"Layer {l} has {layers[l].Inputs} inputs, but layer {l - 1} has {layers[l - 1].Outputs} outputs.",
                    nameof(layers));
            }
        }

        Layers = layers;
    }

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<ReferenceLayer> Layers { get; }

    /// <summary>Copies a network's shape and parameters.</summary>
    /// <param name="mlp">The native network.</param>
    /// <returns>The same network in double precision.</returns>
    public static ReferenceNetwork FromMlp(Mlp mlp)
    {
        ArgumentNullException.ThrowIfNull(mlp);
        var layers = new List<ReferenceLayer>();
        foreach (LayerShape shape in mlp.Layers)
        {
            var layer = new ReferenceLayer(shape.Inputs, shape.Outputs, shape.Activation);
            float[] weight = new float[shape.Inputs * shape.Outputs];
            float[] bias = new float[shape.Outputs];
            mlp.ReadWeights(layers.Count, weight);
            mlp.ReadBiases(layers.Count, bias);
            for (int p = 0; p < shape.Inputs; p++)
            {
                for (int j = 0; j < shape.Outputs; j++)
                {
                    layer.Weight[p, j] = weight[(p * shape.Outputs) + j];
                }
            }

            Array.Copy(bias, layer.Bias, bias.Length);
            layers.Add(layer);
        }

        return new ReferenceNetwork(layers);
    }

    /// <summary>The forward pass.</summary>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>.</param>
    /// <returns>The output of each layer, <c>[rows × outputs]</c>; the last are the scores.</returns>
    public double[][,] Forward(double[,] x)
    {
        var outputs = new double[Layers.Count][,];
        for (int l = 0; l < Layers.Count; l++)
        {
            outputs[l] = Layers[l].Forward(l == 0 ? x : outputs[l - 1]);
        }

        return outputs;
    }

    /// <summary>
    /// The mean softmax cross-entropy plus the penalty:
    /// <c>−(1/rows)·Σᵢ log softmax(scoresᵢ)[labelᵢ] + l2·Σ W²</c>.
    /// </summary>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="l2">The penalty's weight; biases are not penalised.</param>
    /// <returns>The loss.</returns>
    public double Loss(double[,] x, ReadOnlySpan<int> labels, double l2 = 0)
    {
        double[,] scores = Forward(x)[^1];
        double sum = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            sum += CrossEntropy(scores, i, labels[i]);
        }

        return (sum / labels.Length) + (l2 * SumOfSquaredWeights());
    }

    /// <summary>
    /// The gradients of <see cref="Loss"/> by the chain rule, from the last layer to the first. The
    /// loss itself starts it: <c>dScores = (softmax − onehot)/rows</c>; the penalty adds <c>2·l2·W</c>.
    /// </summary>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>.</param>
    /// <param name="labels">The class of each row.</param>
    /// <param name="l2">The penalty's weight.</param>
    /// <returns>The gradients of each layer's parameters, and that of the inputs, <c>[rows × inputs]</c>.</returns>
    public (ReferenceGradient[] Layers, double[,] Dx) Gradients(double[,] x, ReadOnlySpan<int> labels, double l2 = 0)
    {
        double[][,] outputs = Forward(x);
        double[,] dy = ScoreGradient(outputs[^1], labels);
        var gradients = new ReferenceGradient[Layers.Count];
        for (int l = Layers.Count - 1; l >= 0; l--)
        {
            (dy, gradients[l]) = Layers[l].Backward(l == 0 ? x : outputs[l - 1], outputs[l], dy);
            AddPenalty(gradients[l].Weight, Layers[l].Weight, l2);
        }

        return (gradients, dy);
    }

    /// <summary>The softmax of one row: <c>exp(s − max) / Σ exp(s − max)</c>.</summary>
    /// <param name="scores">The scores, <c>[rows × classes]</c>.</param>
    /// <param name="row">Which row.</param>
    /// <returns>The probabilities, <c>[classes]</c>.</returns>
    public static double[] Softmax(double[,] scores, int row)
    {
        int classes = scores.GetLength(1);
        double max = Greatest(scores, row);
        var p = new double[classes];
        double sum = 0;
        for (int j = 0; j < classes; j++)
        {
            p[j] = Math.Exp(scores[row, j] - max);
            sum += p[j];
        }

        for (int j = 0; j < classes; j++)
        {
            p[j] /= sum;
        }

        return p;
    }

    // -log softmax[label], as log Σ exp(s - max) - (s[label] - max): no logarithm of a vanishing number.
    private static double CrossEntropy(double[,] scores, int row, int label)
    {
        double max = Greatest(scores, row);
        double sum = 0;
        for (int j = 0; j < scores.GetLength(1); j++)
        {
            sum += Math.Exp(scores[row, j] - max);
        }

        return Math.Log(sum) - (scores[row, label] - max);
    }

    private static double Greatest(double[,] scores, int row)
    {
        double max = double.NegativeInfinity;
        for (int j = 0; j < scores.GetLength(1); j++)
        {
            max = Math.Max(max, scores[row, j]);
        }

        return max;
    }

    private static double[,] ScoreGradient(double[,] scores, ReadOnlySpan<int> labels)
    {
        var d = new double[scores.GetLength(0), scores.GetLength(1)];
        for (int i = 0; i < labels.Length; i++)
        {
            double[] p = Softmax(scores, i);
            for (int j = 0; j < p.Length; j++)
            {
                d[i, j] = (p[j] - (j == labels[i] ? 1 : 0)) / labels.Length;
            }
        }

        return d;
    }

    private double SumOfSquaredWeights()
    {
        double sum = 0;
        foreach (ReferenceLayer layer in Layers)
        {
            foreach (double w in layer.Weight)
            {
                sum += w * w;
            }
        }

        return sum;
    }

    private static void AddPenalty(double[,] gradient, double[,] weight, double l2)
    {
        for (int p = 0; p < weight.GetLength(0); p++)
        {
            for (int j = 0; j < weight.GetLength(1); j++)
            {
                gradient[p, j] += 2 * l2 * weight[p, j];
            }
        }
    }
}
