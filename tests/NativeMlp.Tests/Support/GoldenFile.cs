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
        using FileStream file = File.OpenRead(TestFiles.PathOf("golden", name));
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

        return [.. tensor.GetProperty("data").EnumerateArray().Select(Number)];
    }

    /// <summary>A number, or the word that stands for one that JSON lacks.</summary>
    public static double Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? double.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : value.GetDouble();

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

    /// <summary>A matrix, or the pieces of a maxout <c>[pieces × rows × columns]</c> side by side: <c>[rows × pieces·columns]</c>.</summary>
    public static double[,] SideBySide(JsonElement tensor)
    {
        int[] shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
        if (shape.Length < 3) return Matrix(tensor);
        double[] values = Values(tensor);
        var matrix = new double[shape[1], shape[0] * shape[2]];
        for (int i = 0; i < values.Length; i++)
            matrix[i / shape[2] % shape[1], (i / (shape[1] * shape[2]) * shape[2]) + (i % shape[2])] = values[i];
        return matrix;
    }

    /// <summary>The coefficient of our convention, l2·Σ W²: half of what 0.5·reg·Σ W² names.</summary>
    public static double L2(JsonElement element)
    {
        double reg = element.GetProperty("reg").GetDouble();
        bool half = element.TryGetProperty("l2", out JsonElement l2) && l2.GetString()!.StartsWith("0.5", StringComparison.Ordinal);
        return half ? reg / 2 : reg;
    }

    /// <summary>A reference network of ReLU layers and a last one without, or as the case's "layers" say, and its loss.</summary>
    public static ReferenceNetwork Network(JsonElement parameters, JsonElement? golden = null)
    {
        JsonElement layers = default;
        bool described = golden?.TryGetProperty("layers", out layers) == true;
        int count = parameters.EnumerateObject().Count(tensor => tensor.Name.StartsWith('W'));
        var built = new List<ReferenceLayer>();
        for (int l = 0; l < count; l++)
        {
            double[,] weight = SideBySide(parameters.GetProperty($"W{l + 1}"));
            int pieces = described && layers[l].TryGetProperty("pieces", out JsonElement several) ? several.GetInt32() : 1;
            Activation activation = pieces > 1 ? Activation.Maxout
                : described ? ActivationOf(layers[l].GetProperty("activation").GetString()!)
                : l + 1 < count ? Activation.Relu : Activation.Identity;
            Norm norm = described && layers[l].TryGetProperty("norm", out JsonElement name) ? Enum.Parse<Norm>(name.GetString()!, ignoreCase: true) : Norm.None;
            var layer = new ReferenceLayer(weight.GetLength(0), weight.GetLength(1) / pieces, activation, norm, pieces)
            {
                Alpha = activation == Activation.Elu ? 1 : 0.01,
            };
            Array.Copy(weight, layer.Weight, weight.Length);
            Values(parameters.GetProperty($"b{l + 1}")).CopyTo(layer.Bias, 0);
            if (norm != Norm.None)
            {
                Values(parameters.GetProperty($"gamma{l + 1}")).CopyTo(layer.Gamma, 0);
                Values(parameters.GetProperty($"beta{l + 1}")).CopyTo(layer.Beta, 0);
            }

            if (norm == Norm.Batch)
            {
                JsonElement running = golden!.Value.GetProperty("batchnorm").GetProperty("running_before");
                Values(running.GetProperty($"mean{l + 1}")).CopyTo(layer.RunningMean, 0);
                Values(running.GetProperty($"var{l + 1}")).CopyTo(layer.RunningVariance, 0);
            }

            built.Add(layer);
        }

        return new ReferenceNetwork(built, golden is { } c && c.TryGetProperty("loss_function", out JsonElement loss)
            ? LossOf(loss.GetString()!, c.GetProperty("loss_options")) : null);
    }

    /// <summary>The same network, native, without dropout.</summary>
    public static Mlp Native(ReferenceNetwork network, int maxBatch, JsonElement? golden = null)
    {
        var options = new MlpOptions
        {
            Inputs = network.Layers[0].Inputs,
            Hidden = [.. network.Layers.SkipLast(1).Select(layer => layer.Outputs)],
            Outputs = network.Layers[^1].Outputs,
            Layers =
            [
                .. network.Layers.Select(layer => new LayerOptions
                {
                    Activation = layer.Activation,
                    ActivationAlpha = layer.Alpha,
                    Pieces = layer.Pieces,
                    Norm = layer.Norm,
                }),
            ],
            Loss = network.LossFunction.Kind,
            MaxBatch = maxBatch,
        };
        var mlp = new Mlp(golden is { } c && c.TryGetProperty("loss_options", out JsonElement loss) ? WithLoss(options, loss) : options);
        for (int l = 0; l < network.Layers.Count; l++)
        {
            ReferenceLayer layer = network.Layers[l];
            foreach (LayerTensor tensor in mlp.Layers[l].Tensors)
            {
                IEnumerable<double> values = tensor switch
                {
                    LayerTensor.Weight => layer.Weight.Cast<double>(),
                    LayerTensor.Bias => layer.Bias,
                    LayerTensor.Gamma => layer.Gamma,
                    LayerTensor.Beta => layer.Beta,
                    LayerTensor.RunningMean => layer.RunningMean,
                    _ => layer.RunningVariance,
                };
                mlp.Write(TensorKind.Parameter, l, tensor, [.. values.Select(value => (float)value)]);
            }
        }

        return mlp;
    }

    /// <summary>Labels where the target is a list of classes, else what each output should be.</summary>
    public static ReferenceTargets Targets(JsonElement target, Loss loss) =>
        loss is Loss.SoftmaxCrossEntropy or Loss.MulticlassHinge ? Integers(target) : new ReferenceTargets([], Matrix(target));

    public static ReferenceLoss LossOf(string name, JsonElement options) => new(
        LossKind(name), ClassWeights(options), Option(options, "smoothing", 0), Option(options, "delta", 1));

    /// <summary>Network options with a golden loss's own.</summary>
    public static MlpOptions WithLoss(MlpOptions options, JsonElement loss) => options with
    {
        ClassWeights = Array.ConvertAll(ClassWeights(loss), weight => (float)weight),
        LabelSmoothing = Option(loss, "smoothing", 0),
        LossDelta = Option(loss, "delta", 1),
    };

    public static Loss LossKind(string name) => name switch
    {
        "cross_entropy" => Loss.SoftmaxCrossEntropy,
        "bce_logits" => Loss.BinaryCrossEntropy,
        "mse" => Loss.MeanSquaredError,
        "huber" => Loss.Huber,
        "hinge" => Loss.MulticlassHinge,
        _ => throw new NotSupportedException(name),
    };

    public static Activation ActivationOf(string name) => Enum.Parse<Activation>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    private static double[] ClassWeights(JsonElement options) =>
        options.TryGetProperty("weight", out JsonElement weight) || options.TryGetProperty("pos_weight", out weight) ? Values(weight) : [];

    private static double Option(JsonElement options, string name, double absent) =>
        options.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : absent;
}
