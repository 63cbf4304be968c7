// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;
using System.Text.Json;
using NativeMlp.Reference;

namespace NativeMlp.Tests.Support;

/// <summary>Reads golden files: JSON with tensors as <c>{"shape", "data"}</c> or base64.</summary>
internal static class GoldenFile
{
    public static JsonElement Open(string name)
    {
        using FileStream file = File.OpenRead(SharedFolder.PathOf("golden", name));
        using JsonDocument document = JsonDocument.Parse(file);
        return document.RootElement.Clone();
    }

    public static double[] Values(JsonElement tensor)
    {
        if (tensor.TryGetProperty("base64", out JsonElement base64))
        {
            byte[] bytes = base64.GetBytesFromBase64();
            return tensor.GetProperty("dtype").GetString() is "float32" or "<f4"
                ? Array.ConvertAll(MemoryMarshal.Cast<byte, float>(bytes).ToArray(), value => (double)value)
                : MemoryMarshal.Cast<byte, double>(bytes).ToArray();
        }

        return [.. tensor.GetProperty("data").EnumerateArray().Select(value => value.GetDouble())];
    }

    public static float[] Floats(JsonElement tensor) => Array.ConvertAll(Values(tensor), value => (float)value);

    public static int[] Integers(JsonElement tensor) => Array.ConvertAll(Values(tensor), value => (int)value);

    public static double[,] Matrix(JsonElement tensor)
    {
        double[] values = Values(tensor);
        int rows = tensor.GetProperty("shape")[0].GetInt32();
        var matrix = new double[rows, values.Length / rows];
        Buffer.BlockCopy(values, 0, matrix, 0, values.Length * sizeof(double));
        return matrix;
    }

    /// <summary>The coefficient of our convention, l2·Σ W²: half of what 0.5·reg·Σ W² names.</summary>
    public static double L2(JsonElement element)
    {
        double reg = element.GetProperty("reg").GetDouble();
        bool half = element.TryGetProperty("l2", out JsonElement l2) && l2.GetString()!.StartsWith("0.5", StringComparison.Ordinal);
        return half ? reg / 2 : reg;
    }

    /// <summary>A reference network of ReLU layers and a last one without, or as "layers" says.</summary>
    public static ReferenceNetwork Network(JsonElement parameters, JsonElement? layers = null)
    {
        int count = parameters.EnumerateObject().Count() / 2;
        var built = new List<ReferenceLayer>();
        for (int l = 0; l < count; l++)
        {
            double[,] weight = Matrix(parameters.GetProperty($"W{l + 1}"));
            double[] bias = Values(parameters.GetProperty($"b{l + 1}"));
            var layer = new ReferenceLayer(weight.GetLength(0), bias.Length, ActivationOf(l, count, layers));
            Array.Copy(weight, layer.Weight, weight.Length);
            bias.CopyTo(layer.Bias, 0);
            built.Add(layer);
        }

        return new ReferenceNetwork(built);
    }

    /// <summary>The same network, native.</summary>
    public static Mlp Native(ReferenceNetwork network, int maxBatch)
    {
        var mlp = new Mlp(new MlpOptions
        {
            Inputs = network.Layers[0].Inputs,
            Hidden = [.. network.Layers.SkipLast(1).Select(layer => layer.Outputs)],
            Outputs = network.Layers[^1].Outputs,
            Activation = network.Layers[0].Activation,
            MaxBatch = maxBatch,
        });
        for (int l = 0; l < network.Layers.Count; l++)
        {
            mlp.WriteWeights(l, [.. network.Layers[l].Weight.Cast<double>().Select(value => (float)value)]);
            mlp.WriteBiases(l, [.. network.Layers[l].Bias.Select(value => (float)value)]);
        }

        return mlp;
    }

    private static Activation ActivationOf(int layer, int count, JsonElement? layers) =>
        (layers is { } list ? list[layer].GetProperty("activation").GetString() : layer + 1 < count ? "relu" : "identity") switch
        {
            "relu" => Activation.Relu,
            "identity" => Activation.Identity,
            string other => throw new NotSupportedException(other),
            null => throw new NotSupportedException(),
        };
}
