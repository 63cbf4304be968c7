// SPDX-License-Identifier: MIT
using NativeMlp.Data;

namespace NativeMlp.Onnx.Import;

/// <summary>A layer as it is found in a file: its weight <c>[Inputs × Width]</c>, and what follows the sums.</summary>
internal sealed class LayerParts
{
    public required int Inputs { get; init; }

    public required int Width { get; init; }

    public required float[] Weight { get; set; }

    public required float[] Bias { get; set; }

    public Activation Activation { get; set; } = Activation.Identity;

    public double? Alpha { get; set; }

    public int Pieces { get; set; } = 1;

    public Norm Norm { get; set; }

    /// <summary>γ, β and for batch normalisation the running mean and variance.</summary>
    public IReadOnlyDictionary<LayerTensor, float[]> NormTensors { get; set; } = new Dictionary<LayerTensor, float[]>();

    public int Outputs => Width / Pieces;

    /// <summary>Each tensor of the layer with its values.</summary>
    public IEnumerable<KeyValuePair<LayerTensor, float[]>> Tensors => NormTensors.Prepend(new(LayerTensor.Bias, Bias)).Prepend(new(LayerTensor.Weight, Weight));

    public LayerOptions ToOptions() => new()
    {
        Activation = Activation,
        ActivationAlpha = Alpha,
        Pieces = Activation == Activation.Maxout ? Pieces : 2,
        Norm = Norm,
        Initialization = Initialization.Zeros,
    };
}

/// <summary>Makes a network of the layers that a file has.</summary>
internal static class NetworkOfParts
{
    /// <summary>Makes it.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="layers">The layers; each takes what the one before it gives.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="normEpsilon"><c>ε</c> of all norms.</param>
    /// <exception cref="DataFormatException">A weight is no finite number, or a value is not allowed.</exception>
    public static Mlp Build(string path, IReadOnlyList<LayerParts> layers, Loss loss, double normEpsilon)
    {
        for (int layer = 0; layer < layers.Count; layer++)
        {
            foreach ((LayerTensor which, float[] values) in layers[layer].Tensors) CheckFinite(path, layer, which, values);
        }

        Mlp network = Make(path, new MlpOptions
        {
            Inputs = layers[0].Inputs,
            Hidden = [.. layers.SkipLast(1).Select(layer => layer.Outputs)],
            Outputs = layers[^1].Outputs,
            Layers = [.. layers.Select(layer => layer.ToOptions())],
            Loss = loss,
            NormEpsilon = normEpsilon,
        });
        for (int layer = 0; layer < layers.Count; layer++)
        {
            foreach ((LayerTensor which, float[] values) in layers[layer].Tensors) network.Write(TensorKind.Parameter, layer, which, values);
        }

        return network;
    }

    // The sizes are those of weights that are there; only the numbers beside them can be wrong.
    private static Mlp Make(string path, MlpOptions options)
    {
        try
        {
            return new Mlp(options);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new DataFormatException(path, $"no network can be made of it: {e.Message}", e);
        }
    }

    private static void CheckFinite(string path, int layer, LayerTensor which, float[] values)
    {
        int bad = Array.FindIndex(values, value => !float.IsFinite(value) || (which == LayerTensor.RunningVariance && value < 0));
        if (bad < 0) return;
        throw new DataFormatException(path, FormattableString.Invariant(
            $"element {bad} of the {which} of layer {layer} is {values[bad]}; it must be a finite number{(which == LayerTensor.RunningVariance ? " of at least 0" : "")}."));
    }
}
