// SPDX-License-Identifier: MIT
using NativeMlp.Storage;

namespace NativeMlp.Onnx.Weights;

/// <summary>Writes the weights of a network with PyTorch's names and layout.</summary>
internal static class PyTorchWriter
{
    public static void Write(Mlp network, string path, PyTorchNames names)
    {
        List<WrittenTensor> tensors = [];
        int place = 0;
        for (int layer = 0; layer < network.Layers.Count; layer++)
        {
            LayerShape shape = network.Layers[layer];
            foreach (LayerTensor which in shape.Tensors)
            {
                int at = layer;
                string module = which <= LayerTensor.Bias ? Linear(names, layer, place) : NormModule(names, shape.Norm, layer, place + 1);
                int[] sizes = which == LayerTensor.Weight ? [shape.Width, shape.Inputs] : [shape.Width];
                tensors.Add(WrittenTensor.Floats($"{module}.{Part(which)}", sizes, () => Read(network, at, which)));
            }

            // In a Sequential every module counts, those without weights, too.
            place += 1 + (shape.Norm != Norm.None ? 1 : 0) + (shape.Activation != Activation.Identity ? 1 : 0) + (shape.Dropout > 0 ? 1 : 0);
        }

        Dictionary<string, string> metadata = WeightDescription.Of(network);
        metadata["format"] = "pt";
        metadata["layout"] = "out,in";
        SafeTensorsWriter.Write(path, tensors, metadata);
    }

    private static string Linear(PyTorchNames names, int layer, int place) => FormattableString.Invariant(names switch
    {
        PyTorchNames.Fc => $"fc{layer + 1}",
        PyTorchNames.Sequential => $"{place}",
        PyTorchNames.Layers => $"layers.{layer}",
        _ => $"net.{place}",
    });

    private static string NormModule(PyTorchNames names, Norm norm, int layer, int place) => FormattableString.Invariant(names switch
    {
        PyTorchNames.Fc => $"{(norm == Norm.Batch ? "bn" : "ln")}{layer + 1}",
        PyTorchNames.Sequential => $"{place}",
        PyTorchNames.Layers => $"norms.{layer}",
        _ => $"net.{place}",
    });

    private static string Part(LayerTensor which) => which switch
    {
        LayerTensor.Weight or LayerTensor.Gamma => "weight",
        LayerTensor.Bias or LayerTensor.Beta => "bias",
        LayerTensor.RunningMean => "running_mean",
        _ => "running_var",
    };

    private static float[] Read(Mlp network, int layer, LayerTensor which)
    {
        float[] values = CheckpointTensors.Read(network, TensorKind.Parameter, layer, which);
        if (which != LayerTensor.Weight) return values;
        (int inputs, int outputs) = (network.Layers[layer].Inputs, network.Layers[layer].Width);
        return CheckpointReader.Transpose(values, outputs, inputs);
    }
}
