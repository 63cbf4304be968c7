// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;

namespace NativeMlp.Reference;

/// <summary>
/// The network in plain double-precision loops: the readable, executable definition of what the native
/// library computes. The kernels and the gradients are tested against it. To understand the mathematics,
/// begin with this class:
/// <see cref="ReferenceLayer"/> first, then <see cref="ReferenceLoss"/>, then <see cref="Gradients"/>.
/// </summary>
public sealed class ReferenceNetwork
{
    /// <summary>Creates a network of these layers. The inputs of each layer are the outputs of the previous one.</summary>
    /// <param name="layers">At least one layer.</param>
    /// <param name="loss">The loss; null for the softmax cross-entropy.</param>
    /// <exception cref="ArgumentException">No layers, or two neighbours do not fit together.</exception>
    public ReferenceNetwork(IReadOnlyList<ReferenceLayer> layers, ReferenceLoss? loss = null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0) Throw.Argument($"A network needs at least one layer.", nameof(layers));
        for (int l = 1; l < layers.Count; l++)
        {
            if (layers[l].Inputs != layers[l - 1].Outputs)
                Throw.Argument($"Layer {l} has {layers[l].Inputs} inputs, but layer {l - 1} has {layers[l - 1].Outputs} outputs.", nameof(layers));
        }

        Layers = layers;
        LossFunction = loss ?? new ReferenceLoss(NativeMlp.Loss.SoftmaxCrossEntropy);
    }

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<ReferenceLayer> Layers { get; }

    /// <summary>The loss, without the penalty.</summary>
    public ReferenceLoss LossFunction { get; }

    /// <summary>Copies the structure and the parameters of a network.</summary>
    /// <param name="mlp">The native network.</param>
    /// <returns>The same network in double precision.</returns>
    public static ReferenceNetwork FromMlp(Mlp mlp)
    {
        ArgumentNullException.ThrowIfNull(mlp);
        MlpOptions options = mlp.Options;
        var layers = new List<ReferenceLayer>();
        foreach (LayerShape shape in mlp.Layers)
        {
            var layer = new ReferenceLayer(shape.Inputs, shape.Outputs, shape.Activation, shape.Norm, shape.Pieces)
            {
                Alpha = (float)shape.ActivationAlpha,
                NormEpsilon = (float)options.NormEpsilon,
                NormMomentum = (float)options.NormMomentum,
            };
            foreach (LayerTensor tensor in shape.Tensors)
            {
                float[] values = new float[shape.LengthOf(tensor)];
                mlp.Read(TensorKind.Parameter, layers.Count, tensor, values);
                Span<double> to = Tensor(layer, tensor);
                for (int i = 0; i < values.Length; i++)
                    to[i] = values[i];
            }

            layers.Add(layer);
        }

        double[] classWeights = [.. options.ClassWeights.Select(weight => (double)weight)];
        return new ReferenceNetwork(
            layers, new ReferenceLoss(options.Loss, classWeights, (float)options.LabelSmoothing, (float)options.LossDelta));
    }

    /// <summary>Computes the outputs for new data: without dropout, and with the running statistics of batch normalisation.</summary>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>.</param>
    /// <returns>The output of each layer, <c>[rows × outputs]</c>; the last are the scores.</returns>
    public double[][,] Forward(double[,] x)
    {
        var outputs = new double[Layers.Count][,];
        for (int l = 0; l < Layers.Count; l++)
            outputs[l] = Layers[l].Forward(l == 0 ? x : outputs[l - 1]);

        return outputs;
    }

    /// <summary>Computes the forward pass of a training step.</summary>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>.</param>
    /// <param name="masks">Dropout's mask of each layer, null for none.</param>
    /// <returns>The intermediate values of each layer.</returns>
    internal ReferencePass[] Train(double[,] x, IReadOnlyList<double[,]?>? masks = null)
    {
        var passes = new ReferencePass[Layers.Count];
        for (int l = 0; l < Layers.Count; l++)
            passes[l] = Layers[l].Train(l == 0 ? x : passes[l - 1].Y, masks?[l]);

        return passes;
    }

    /// <summary>The loss of a training step, including the penalty: <c>data loss + l2·Σ W²</c>.</summary>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>.</param>
    /// <param name="targets">The targets of the scores.</param>
    /// <param name="l2">The penalty's weight; only weights are penalised.</param>
    /// <param name="masks">Dropout's mask of each layer, null for none.</param>
    /// <returns>The loss.</returns>
    public double Loss(double[,] x, ReferenceTargets targets, double l2 = 0, IReadOnlyList<double[,]?>? masks = null) =>
        LossFunction.Value(Train(x, masks)[^1].Y, targets) + (l2 * SumOfSquaredWeights());

    /// <summary>
    /// The gradients of <see cref="Loss"/> by the chain rule, from the last layer to the first. The loss itself starts it,
    /// for the softmax cross-entropy with <c>(softmax − onehot)/rows</c>; the penalty adds <c>2·l2·W</c>.
    /// </summary>
    /// <param name="x">The inputs, <c>[rows × inputs]</c>.</param>
    /// <param name="targets">The targets of the scores.</param>
    /// <param name="l2">The weight of the penalty.</param>
    /// <param name="masks">Dropout's mask of each layer, null for none.</param>
    /// <returns>The gradients of the parameters of each layer, and the gradient of the inputs, <c>[rows × inputs]</c>.</returns>
    public (ReferenceGradient[] Layers, double[,] Dx) Gradients(
        double[,] x, ReferenceTargets targets, double l2 = 0, IReadOnlyList<double[,]?>? masks = null)
    {
        ReferencePass[] passes = Train(x, masks);
        double[,] dy = LossFunction.Gradient(passes[^1].Y, targets);
        var gradients = new ReferenceGradient[Layers.Count];
        for (int l = Layers.Count - 1; l >= 0; l--)
        {
            (dy, gradients[l]) = Layers[l].Backward(passes[l], dy);
            AddPenalty(gradients[l].Weight, Layers[l].Weight, l2);
        }

        return (gradients, dy);
    }

    internal static Span<double> Tensor(ReferenceLayer layer, LayerTensor tensor) => tensor switch
    {
        LayerTensor.Weight => MemoryMarshal.CreateSpan(ref layer.Weight[0, 0], layer.Weight.Length),
        LayerTensor.Bias => layer.Bias,
        LayerTensor.Gamma => layer.Gamma,
        LayerTensor.Beta => layer.Beta,
        LayerTensor.RunningMean => layer.RunningMean,
        _ => layer.RunningVariance,
    };

    internal static Span<double> Tensor(ReferenceGradient gradient, LayerTensor tensor) => tensor switch
    {
        LayerTensor.Weight => MemoryMarshal.CreateSpan(ref gradient.Weight[0, 0], gradient.Weight.Length),
        LayerTensor.Bias => gradient.Bias,
        LayerTensor.Gamma => gradient.Gamma,
        _ => gradient.Beta,
    };

    private double SumOfSquaredWeights()
    {
        double sum = 0;
        foreach (ReferenceLayer layer in Layers)
        {
            foreach (double w in layer.Weight)
                sum += w * w;
        }

        return sum;
    }

    private static void AddPenalty(double[,] gradient, double[,] weight, double l2)
    {
        for (int p = 0; p < weight.GetLength(0); p++)
        {
            for (int j = 0; j < weight.GetLength(1); j++)
                gradient[p, j] += 2 * l2 * weight[p, j];
        }
    }
}
