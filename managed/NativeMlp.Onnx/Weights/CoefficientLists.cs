// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Onnx.Import;

namespace NativeMlp.Onnx.Weights;

/// <summary>Makes layers of arrays that are named as scikit-learn names them: <c>coefs_0</c> <c>[inputs × outputs]</c> and
/// <c>intercepts_0</c>; a norm beside them is <c>gamma_0</c>, <c>beta_0</c>, <c>running_mean_0</c> and <c>running_var_0</c>.</summary>
internal sealed class CoefficientLists(string path, IReadOnlyList<NamedTensor> tensors)
{
    public const string Weight = "coefs_", Bias = "intercepts_";

    private static readonly (LayerTensor Which, string Name)[] s_norm =
        [(LayerTensor.Gamma, "gamma_"), (LayerTensor.Beta, "beta_"), (LayerTensor.RunningMean, "running_mean_"), (LayerTensor.RunningVariance, "running_var_")];

    private readonly Dictionary<string, NamedTensor> _byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);

    /// <summary>The name of a tensor without its number.</summary>
    public static string NameOf(LayerTensor which) => which switch
    {
        LayerTensor.Weight => Weight,
        LayerTensor.Bias => Bias,
        _ => s_norm.First(entry => entry.Which == which).Name,
    };

    /// <summary>The layers, from the first to the last, without their activations.</summary>
    /// <exception cref="DataFormatException">The arrays make no chain of layers.</exception>
    public List<LayerParts> Layers(PiecesOfLayer pieces)
    {
        List<LayerParts> layers = [];
        int count = 0;
        while (Find(Weight, count) is not null) count++;
        while (Find(Weight, layers.Count) is { } weight)
        {
            if (weight.Sizes is not [> 0 and var inputs, > 0 and var width]) throw Bad($"{weight.Title} is not a matrix of weights.");
            if (layers.Count > 0 && layers[^1].Outputs != inputs) throw Bad($"{weight.Title} takes {inputs} values; the layer before it gives {layers[^1].Outputs}.");
            int parts = pieces(layers.Count, count);
            if (width % parts != 0) throw Bad($"{weight.Title} has {width} columns, which cannot be divided into {parts} pieces.");
            LayerParts layer = new() { Inputs = inputs, Width = width, Pieces = parts, Weight = weight.Read(), Bias = Vector(Bias, layers.Count, width) ?? throw Bad($"it has no array '{Bias}{layers.Count}'.") };
            AddNorm(layer, layers.Count);
            layers.Add(layer);
        }

        return layers.Count > 0 ? layers : throw Bad($"it has no array '{Weight}0'.");
    }

    private void AddNorm(LayerParts layer, int number)
    {
        Dictionary<LayerTensor, float[]> values = [];
        foreach ((LayerTensor which, string name) in s_norm)
        {
            if (Vector(name, number, layer.Width) is { } found) values.Add(which, found);
        }

        layer.Norm = values.Count switch { 0 => Norm.None, 2 => Norm.Layer, 4 => Norm.Batch, _ => throw Bad($"the norm of layer {number} is incomplete.") };
        layer.NormTensors = values;
    }

    private float[]? Vector(string name, int number, int length) => Find(name, number) is not { } found ? null
        : found.Sizes.SequenceEqual([length]) ? found.Read() : throw Bad($"{found.Title} should have {length} elements.");

    private NamedTensor? Find(string name, int number) => _byName.GetValueOrDefault(FormattableString.Invariant($"{name}{number}"));

    private DataFormatException Bad(string problem) => new(path, problem);
}
