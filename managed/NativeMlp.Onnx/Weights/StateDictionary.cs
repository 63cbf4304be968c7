// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Onnx.Import;
using NativeMlp.Storage;

namespace NativeMlp.Onnx.Weights;

/// <summary>Of how many sums an output of a layer is a function: 1, but for maxout.</summary>
internal delegate int PiecesOfLayer(int layer, int layers);

/// <summary>Makes layers of tensors that are named as PyTorch names them: <c>fc1.weight</c> <c>[outputs × inputs]</c> and
/// <c>fc1.bias</c>, and modules of norms whose weight is a vector.</summary>
internal sealed class StateDictionary(string path, IReadOnlyList<NamedTensor> tensors)
{
    private const int MostLayers = 10_000;

    private readonly Dictionary<string, NamedTensor> _byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);

    /// <summary>The layers, from the first to the last, without their activations.</summary>
    /// <param name="pieces">Of how many sums an output of a layer is a function.</param>
    /// <exception cref="DataFormatException">The tensors make no chain of layers.</exception>
    public List<LayerParts> Layers(PiecesOfLayer pieces)
    {
        NamedTensor[] weights = Chain([.. tensors.Where(tensor => tensor.Part == "weight" && tensor.Sizes.Count == 2).OrderBy(tensor => tensor.Module, NamedTensor.NaturalOrder)], pieces);
        List<LayerParts> layers = [.. weights.Select((weight, layer) => Linear(weight, pieces(layer, weights.Length)))];
        foreach (NamedTensor gamma in tensors.Where(tensor => tensor.Part == "weight" && tensor.Sizes.Count == 1))
        {
            int layer = LayerOf(gamma, weights);
            if (layers[layer].Norm != Norm.None) throw Bad($"two norms follow the layer {Printable.Quoted(weights[layer].Module)}: {Printable.Quoted(gamma.Module)} is the second; one is possible.");
            AddNorm(layers[layer], gamma);
        }

        return layers;
    }

    private LayerParts Linear(NamedTensor weight, int pieces)
    {
        (int outputs, int inputs) = (weight.Sizes[0], weight.Sizes[1]);
        NamedTensor? bias = Find(weight.Module, "bias");
        if (bias is not null && !bias.Sizes.SequenceEqual([outputs])) throw Bad($"{bias.Title} does not fit {weight.Title}.");
        if (outputs % pieces != 0) throw Bad($"{weight.Title} has {outputs} outputs, which cannot be divided into {pieces} pieces.");
        return new LayerParts { Inputs = inputs, Width = outputs, Weight = CheckpointReader.Transpose(weight.Read(), inputs, outputs), Bias = bias?.Read() ?? new float[outputs], Pieces = pieces };
    }

    private void AddNorm(LayerParts layer, NamedTensor gamma)
    {
        Dictionary<LayerTensor, float[]> values = new() { [LayerTensor.Gamma] = gamma.Read(), [LayerTensor.Beta] = Vector(gamma, "bias")?.Read() ?? new float[layer.Width] };
        NamedTensor? mean = Vector(gamma, "running_mean"), variance = Vector(gamma, "running_var");
        if (mean is null != variance is null) throw Bad($"the norm {Printable.Quoted(gamma.Module, 100)} is incomplete: it has only one of running_mean and running_var.");
        if (mean is not null) values[LayerTensor.RunningMean] = mean.Read();
        if (variance is not null) values[LayerTensor.RunningVariance] = variance.Read();
        (layer.Norm, layer.NormTensors) = (mean is null ? Norm.Layer : Norm.Batch, values);
    }

    private NamedTensor? Vector(NamedTensor gamma, string part) => Find(gamma.Module, part) is not { } found ? null
        : found.Sizes.SequenceEqual(gamma.Sizes) ? found : throw Bad($"{found.Title} does not fit {gamma.Title}.");

    // bn1 belongs to fc1; otherwise a norm follows the layer before it, as in nn.Sequential.
    private int LayerOf(NamedTensor gamma, NamedTensor[] weights)
    {
        int[] fitting = [.. Enumerable.Range(0, weights.Length).Where(layer => weights[layer].Sizes[0] == gamma.Sizes[0])];
        string number = Number(gamma.Module);
        int[] same = [.. fitting.Where(layer => number.Length > 0 && Number(weights[layer].Module) == number)];
        if (same.Length == 1) return same[0];
        int[] before = [.. fitting.Where(layer => NamedTensor.NaturalOrder.Compare(weights[layer].Module, gamma.Module) < 0)];
        return before.Length > 0 ? before[^1]
            : throw Bad($"{gamma.Title} seems to be a norm, but which layer it follows cannot be told.");
    }

    // As they are ordered by their names; if that makes no chain, in the only order that does.
    private NamedTensor[] Chain(NamedTensor[] weights, PiecesOfLayer pieces)
    {
        if (weights.Length == 0) throw Bad("it has no tensor of two dimensions whose name ends with 'weight', so there is no layer.");
        if (weights.Length > MostLayers) throw Bad($"it has {weights.Length} layers; at most {MostLayers} are possible.");
        foreach (NamedTensor weight in weights)
        {
            if (weight.Sizes.Contains(0)) throw Bad($"{weight.Title} is empty.");
        }

        if (Fits(weights, pieces)) return weights;
        NamedTensor[][] orders = weights.Length > 8 ? [] : [.. Orders([.. weights], pieces).Take(2)];
        return orders.Length == 1 ? orders[0] : throw Bad(
            $"its layers make no chain in which each takes what the one before it gives: {string.Join(", ", weights.Take(10).Select(weight => weight.Title))}{(weights.Length > 10 ? ", …" : "")}.");
    }

    private static bool Fits(NamedTensor[] weights, PiecesOfLayer pieces) =>
        Enumerable.Range(1, weights.Length - 1).All(i => (long)weights[i].Sizes[1] * pieces(i - 1, weights.Length) == weights[i - 1].Sizes[0]);

    private static IEnumerable<NamedTensor[]> Orders(List<NamedTensor> open, PiecesOfLayer pieces, params NamedTensor[] begun)
    {
        if (open.Count == 0) yield return begun;
        int all = open.Count + begun.Length;
        foreach (NamedTensor next in open.Where(next => begun.Length == 0 || (long)next.Sizes[1] * pieces(begun.Length - 1, all) == begun[^1].Sizes[0]))
        {
            foreach (NamedTensor[] order in Orders([.. open.Where(other => other != next)], pieces, [.. begun, next])) yield return order;
        }
    }

    private NamedTensor? Find(string module, string part) => _byName.GetValueOrDefault(module.Length > 0 ? $"{module}.{part}" : part);

    private static string Number(string module) => string.Concat(module.Reverse().TakeWhile(char.IsAsciiDigit).Reverse());

    private DataFormatException Bad(string problem) => new(path, problem);
}
