// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Storage;

/// <summary>The tensors of a network in a checkpoint, and their names.</summary>
internal static class CheckpointTensors
{
    public const string Mean = "normalization.mean";
    public const string Third = "optimizer.third.";
    public const string ClassWeights = "loss.class_weights";

    public static string Name(int layer, LayerTensor which) => Name(layer) + which switch
    {
        LayerTensor.Weight => "weight",
        LayerTensor.Bias => "bias",
        LayerTensor.Gamma => "norm.weight", // PyTorch's names
        LayerTensor.Beta => "norm.bias",
        LayerTensor.RunningMean => "norm.running_mean",
        _ => "norm.running_var",
    };

    public static string Name(int layer) => string.Create(CultureInfo.InvariantCulture, $"layers.{layer}.");

    // Running statistics are not parameters, so they have no moments.
    public static IEnumerable<(int Layer, LayerTensor Which)> Of(Mlp mlp, TensorKind kind) =>
        from layer in Enumerable.Range(0, mlp.Layers.Count)
        from tensor in mlp.Layers[layer].Tensors
        where kind == TensorKind.Parameter || tensor <= LayerTensor.Beta
        select (layer, tensor);

    /// <summary>The parameters, and the moments of the optimizer.</summary>
    /// <param name="progress">The counters of the optimizer.</param>
    /// <param name="hasThird">Whether there are third moments, which the kind of optimizer does not determine.</param>
    public static IEnumerable<(TensorKind Kind, string Prefix)> Kinds(OptimizerState progress, bool hasThird)
    {
        yield return (TensorKind.Parameter, "");
        if (progress.Steps > 0 && OptimizerTraits.Of(progress.Kind).HasFirstMoment)
            yield return (TensorKind.FirstMoment, "optimizer.first.");

        if (progress.Steps > 0 && OptimizerTraits.Of(progress.Kind).HasSecondMoment)
            yield return (TensorKind.SecondMoment, "optimizer.second.");

        if (progress.Steps > 0 && hasThird)
            yield return (TensorKind.ThirdMoment, Third);
    }

    public static int[] Shape(Mlp mlp, int layer, LayerTensor which) =>
        which == LayerTensor.Weight ? [mlp.Layers[layer].Inputs, mlp.Layers[layer].Width] : [mlp.Layers[layer].Width];

    /// <summary>Describes a tensor to write.</summary>
    public static WrittenTensor Written(Mlp mlp, TensorKind kind, string prefix, int layer, LayerTensor which)
    {
        bool narrow = which == LayerTensor.Weight && mlp.Precision == Precision.BFloat16;
        Func<string, IReadOnlyList<int>, Func<float[]>, WrittenTensor> create = narrow ? WrittenTensor.BFloats : WrittenTensor.Floats;
        return create(prefix + Name(layer, which), Shape(mlp, layer, which), () => Read(mlp, kind, layer, which));
    }

    public static float[] Read(Mlp mlp, TensorKind kind, int layer, LayerTensor which)
    {
        var values = new float[mlp.Layers[layer].LengthOf(which)];
        mlp.Read(kind, layer, which, values);
        return values;
    }
}
