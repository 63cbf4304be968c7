#:project ../managed/NativeMlp
// SPDX-License-Identifier: MIT
// A network that was trained with PyTorch: dotnet run pytorch-in.cs -- net.safetensors
// In Python: torch.nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3)), saved by
// safetensors.torch.save_file(net.state_dict(), "net.safetensors"). PyTorch's weights are [outputs × inputs]; a network of this library
// takes [inputs × outputs]. Without an argument the program writes such a file itself.
using System.Runtime.InteropServices;
using NativeMlp;
using NativeMlp.Storage;

string path = args.Length > 0 ? args[0] : WriteExample("net.safetensors");
SafeTensorsFile file = SafeTensorsFile.Read(path);

// The layers are the weights in the order of their numbers: 0.weight, 2.weight, …
string[] layers = [.. file.Tensors.Keys.Where(name => name.EndsWith(".weight", StringComparison.Ordinal))
    .Select(name => name[..^".weight".Length]).OrderBy(int.Parse)];
if (layers.Length == 0)
{
    Console.Error.WriteLine($"{path} has no tensor whose name ends with .weight, so it holds no network of linear layers");
    return 3;
}

int[] outputs = [.. layers.Select(layer => file.Tensors[$"{layer}.weight"].Shape[0])];
using Mlp mlp = new(new MlpOptions { Inputs = file.Tensors[$"{layers[0]}.weight"].Shape[1], Hidden = outputs[..^1], Outputs = outputs[^1], Activation = Activation.Relu });
for (int i = 0; i < layers.Length; i++)
{
    SafeTensor weight = file.Tensors[$"{layers[i]}.weight"];
    mlp.WriteWeights(i, Transpose(weight.GetFloats(), weight.Shape[0], weight.Shape[1]));
    mlp.WriteBiases(i, file.Tensors[$"{layers[i]}.bias"].GetFloats());
}

Console.WriteLine($"{mlp}: probabilities {string.Join(", ", mlp.Predict(new float[mlp.Inputs], PredictionKind.Probabilities).Select(p => $"{p:F4}"))} for a row of zeros");
return 0;

static float[] Transpose(float[] values, int rows, int columns)
{
    float[] transposed = new float[values.Length];
    for (int i = 0; i < values.Length; i++) transposed[(i % columns * rows) + (i / columns)] = values[i];
    return transposed;
}

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
