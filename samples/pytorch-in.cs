#:project ../managed/NativeMlp.Onnx
// SPDX-License-Identifier: MIT
// Loads a network that was trained with PyTorch: dotnet run pytorch-in.cs -- net.safetensors
// In Python: torch.nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3)), saved by
// safetensors.torch.save_file(net.state_dict(), "net.safetensors"). PyTorch's weights are [outputs × inputs]; a network of this library
// takes [inputs × outputs]. Without an argument, the program writes such a file itself.
using System.Runtime.InteropServices;
using NativeMlp;
using NativeMlp.Onnx;
using NativeMlp.Storage;

string path = args.Length > 0 ? args[0] : WriteExample("net.safetensors");

// The file contains weights but no activations, so the option names the activation between the layers.
using ImportedNetwork imported = WeightFiles.LoadPyTorch(path, new ImportOptions { Activation = Activation.Relu });
foreach (string note in imported.Notes) Console.WriteLine(note);
Mlp mlp = imported.Network;
Console.WriteLine($"{mlp}: probabilities {string.Join(", ", mlp.Predict(new float[mlp.Inputs], PredictionKind.Probabilities).Select(p => $"{p:F4}"))} for a row of zeros");

static string WriteExample(string path)
{
    SafeTensor Random(ulong seed, params int[] shape)
    {
        float[] values = new float[shape.Aggregate(1, (a, b) => a * b)];
        Kernels.RandomNormal(seed, 0, values);
        return new SafeTensor("F32", shape, MemoryMarshal.AsBytes<float>(values).ToArray());
    }

    new SafeTensorsFile(new Dictionary<string, SafeTensor>
    {
        ["0.weight"] = Random(1, 16, 4),
        ["0.bias"] = Random(2, 16),
        ["2.weight"] = Random(3, 3, 16),
        ["2.bias"] = Random(4, 3),
    }).Write(path);
    return path;
}
