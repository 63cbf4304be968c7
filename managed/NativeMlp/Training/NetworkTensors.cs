// SPDX-License-Identifier: MIT
using NativeMlp.State;

namespace NativeMlp.Training;

/// <summary>Copies all tensors of one kind, in the order of the layers, between a network and arrays.</summary>
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

    /// <summary>Restores a captured state. If the state has no moments because no step was taken, the next step begins with
    /// zeros.</summary>
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

    /// <summary>Reads into the arrays, which are created if they do not exist yet.</summary>
    public static void Read(Mlp mlp, TensorKind kind, ref float[][] tensors)
    {
        if (tensors.Length == 0) tensors = [.. Lengths(mlp, kind).Select(length => GC.AllocateUninitializedArray<float>(checked((int)length)))];
        int index = 0;
        foreach ((int layer, LayerTensor tensor) in Places(mlp, kind)) mlp.Read(kind, layer, tensor, tensors[index++]);
    }

    /// <summary>Writes the tensors. An empty list does not change the network.</summary>
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

    // Running statistics are not parameters, so they have no moments.
    private static IEnumerable<(int Layer, LayerTensor Tensor)> Places(Mlp mlp, TensorKind kind)
    {
        for (int layer = 0; layer < mlp.Layers.Count; layer++)
        {
            foreach (LayerTensor tensor in mlp.Layers[layer].Tensors)
                if (kind == TensorKind.Parameter || tensor <= LayerTensor.Beta) yield return (layer, tensor);
        }
    }
}
