// SPDX-License-Identifier: MIT
using NativeMlp.Bench.Workloads;
using NativeMlp.Storage;
#if ONNX_PEER
using NativeMlp.Bench.Peers;
#endif

namespace NativeMlp.ServingBench;

/// <summary>One network with the same weights in each library's file.</summary>
internal static class ModelFiles
{
    public static readonly int[] Sizes = [32, 64, 64, 2];

    public static int Inputs => Sizes[0];

    public static int Outputs => Sizes[^1];

    public static string Own(string folder) => Path.Combine(folder, "model.safetensors");

    public static string Onnx(string folder) => Path.Combine(folder, "model.onnx");

    public static void Write(string folder)
    {
        WriteOwn(Own(folder), shift: 0);
#if ONNX_PEER
        File.WriteAllBytes(Onnx(folder), OnnxModel.Classifier(Sizes));
#endif
    }

    /// <summary>A network whose weights are those of the ONNX model, the last bias shifted.</summary>
    public static void WriteOwn(string file, float shift)
    {
        using Mlp mlp = new(new MlpOptions { Inputs = Inputs, Hidden = Sizes[1..^1], Outputs = Outputs });
        for (int layer = 0; layer < Sizes.Length - 1; layer++)
            mlp.WriteWeights(layer, RandomData.Floats(Sizes[layer] * Sizes[layer + 1], layer));
        mlp.WriteBiases(Sizes.Length - 2, new float[] { shift, 0 });
        Checkpoint.Save(mlp, file);
    }
}
