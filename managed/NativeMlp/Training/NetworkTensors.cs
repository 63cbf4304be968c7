// SPDX-License-Identifier: MIT
using NativeMlp.State;

namespace NativeMlp.Training;

/// <summary>All tensors of one kind, in the order of the layers, between a network and arrays.</summary>
internal static class NetworkTensors
{
    public static NetworkState Capture(Mlp mlp)
    {
        OptimizerState progress = mlp.OptimizerState;
        bool moved = progress.Steps > 0;
        return new NetworkState(progress, Read(mlp, TensorKind.Parameter),
            moved && OptimizerTraits.Of(progress.Kind).HasFirstMoment ? Read(mlp, TensorKind.FirstMoment) : [],
            moved && OptimizerTraits.Of(progress.Kind).HasSecondMoment ? Read(mlp, TensorKind.SecondMoment) : [])
        {
            ThirdMoments = moved && mlp.Holds(TensorKind.ThirdMoment) ? Read(mlp, TensorKind.ThirdMoment) : [],
        };
    }

    /// <summary>Puts a captured state back. Moments that it does not have are not used: where no step was taken the next
    /// one begins with zeros.</summary>
    public static void Restore(Mlp mlp, NetworkState state)
    {
        mlp.Initialize(mlp.Options.Seed); // moments that the state does not have become 0
        Write(mlp, TensorKind.Parameter, state.Parameters);
        Write(mlp, TensorKind.FirstMoment, state.FirstMoments);
        Write(mlp, TensorKind.SecondMoment, state.SecondMoments);
        Write(mlp, TensorKind.ThirdMoment, state.ThirdMoments);
        mlp.OptimizerState = state.Optimizer;
    }

    /// <summary>The lengths of the tensors of a kind.</summary>
    public static IEnumerable<long> Lengths(Mlp mlp, TensorKind kind) =>
        from place in Places(mlp, kind) select mlp.Layers[place.Layer].LengthOf(place.Tensor);

    /// <summary>Reads into arrays of the right lengths, or into new ones if there are none yet.</summary>
    public static void Read(Mlp mlp, TensorKind kind, ref float[][] tensors)
    {
        if (tensors.Length == 0) tensors = [.. Lengths(mlp, kind).Select(length => new float[length])];
        int index = 0;
        foreach ((int layer, LayerTensor tensor) in Places(mlp, kind)) mlp.Read(kind, layer, tensor, tensors[index++]);
    }

    /// <summary>Writes the tensors; none at all leaves the network as it is.</summary>
    public static void Write(Mlp mlp, TensorKind kind, IReadOnlyList<float[]> tensors)
    {
        if (tensors.Count == 0) return;
        int index = 0;
        foreach ((int layer, LayerTensor tensor) in Places(mlp, kind)) mlp.Write(kind, layer, tensor, tensors[index++]);
    }

    private static float[][] Read(Mlp mlp, TensorKind kind)
    {
        float[][] tensors = [];
        Read(mlp, kind, ref tensors);
        return tensors;
    }

    // Running statistics are no parameters: they have no moments.
    private static IEnumerable<(int Layer, LayerTensor Tensor)> Places(Mlp mlp, TensorKind kind) =>
        from layer in Enumerable.Range(0, mlp.Layers.Count)
        from tensor in mlp.Layers[layer].Tensors
        where kind == TensorKind.Parameter || tensor <= LayerTensor.Beta
        select (layer, tensor);
}
