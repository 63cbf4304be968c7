// SPDX-License-Identifier: MIT
namespace NativeMlp.Reference;

/// <summary>How large the numbers are whose rounding in float32 becomes the error of a gradient.</summary>
internal sealed class GradientSizes(
    ReferenceNetwork network, double[,] x, ReferenceTargets targets, double l2, IReadOnlyList<double[,]?>? masks)
{
    private const int Trials = 4;

    // A sum of some tens of products is off by more than one change in the last digit of each.
    private const double Roundings = 16;
    private static readonly double LastDigit = Math.ScaleB(1, -24);

    private readonly ReferenceGradient[] _parts = Parts(network, x, targets, l2, masks);
    private readonly ReferenceGradient[] _gradients = network.Gradients(x, targets, l2, masks).Layers;
    private readonly ReferenceGradient[][] _rounded = [.. Enumerable.Range(0, Trials).Select(trial => Rounded(network, x, targets, l2, masks, trial))];

    /// <summary>
    /// The parts that add up to a tensor's gradients: the greatest sum over the rows of their absolute values, with the penalty's. Rounding
    /// leaves an error of some epsilons of that, however small the gradient itself is.
    /// </summary>
    public double OfParts(int layer, LayerTensor tensor) => GradientCheck.Greatest(ReferenceNetwork.Tensor(_parts[layer], tensor));

    /// <summary>What the gradients of a tensor change at most when each weight moves by as much as float32 rounds it.</summary>
    public double OfRounding(int layer, LayerTensor tensor)
    {
        double greatest = 0;
        foreach (ReferenceGradient[] rounded in _rounded)
        {
            ReadOnlySpan<double> moved = ReferenceNetwork.Tensor(rounded[layer], tensor), kept = ReferenceNetwork.Tensor(_gradients[layer], tensor);
            for (int i = 0; i < kept.Length; i++)
                greatest = Math.Max(greatest, Math.Abs(moved[i] - kept[i]));
        }

        return Roundings * greatest;
    }

    private static ReferenceGradient[] Rounded(
        ReferenceNetwork network, double[,] x, ReferenceTargets targets, double l2, IReadOnlyList<double[,]?>? masks, int trial)
    {
        Random random = new(trial);
        double[][] kept = [.. network.Layers.Select(layer => ReferenceNetwork.Tensor(layer, LayerTensor.Weight).ToArray())];
        foreach (ReferenceLayer layer in network.Layers)
        {
            foreach (ref double weight in ReferenceNetwork.Tensor(layer, LayerTensor.Weight))
                weight *= 1 + (LastDigit * ((2 * random.Next(2)) - 1));
        }

        ReferenceGradient[] gradients = network.Gradients(x, targets, l2, masks).Layers;
        for (int l = 0; l < kept.Length; l++)
            kept[l].CopyTo(ReferenceNetwork.Tensor(network.Layers[l], LayerTensor.Weight));

        return gradients;
    }

    private static ReferenceGradient[] Parts(
        ReferenceNetwork network, double[,] x, ReferenceTargets targets, double l2, IReadOnlyList<double[,]?>? masks)
    {
        ReferencePass[] passes = network.Train(x, masks);
        double[,] dy = network.LossFunction.Gradient(passes[^1].Y, targets);
        var parts = new ReferenceGradient[network.Layers.Count];
        for (int l = parts.Length - 1; l >= 0; l--)
        {
            parts[l] = OfLayer(network.Layers[l], passes[l], dy, l2);
            (dy, _) = network.Layers[l].Backward(passes[l], dy);
        }

        return parts;
    }

    private static ReferenceGradient OfLayer(ReferenceLayer layer, ReferencePass pass, double[,] dy, double l2)
    {
        double[] gamma = new double[layer.Width], beta = new double[layer.Width], bias = new double[layer.Width];
        var weight = new double[layer.Inputs, layer.Width];
        double[,] dv = layer.OutputBackward(pass, dy), dz = dv;
        if (layer.Norm != Norm.None)
            dz = layer.NormBackward(pass, dv, new ReferenceGradient(weight, bias, new double[layer.Width], new double[layer.Width]));

        for (int j = 0; j < layer.Width; j++)
        {
            for (int i = 0; i < dz.GetLength(0); i++)
            {
                bias[j] += Math.Abs(dz[i, j]);
                beta[j] += Math.Abs(dv[i, j]);
                gamma[j] += Math.Abs(dv[i, j] * (pass.Normal?[i, j] ?? 0));
                for (int p = 0; p < layer.Inputs; p++)
                    weight[p, j] += Math.Abs(pass.X[i, p] * dz[i, j]);
            }

            for (int p = 0; p < layer.Inputs; p++)
                weight[p, j] += Math.Abs(2 * l2 * layer.Weight[p, j]);
        }

        return new ReferenceGradient(weight, bias, gamma, beta);
    }
}
