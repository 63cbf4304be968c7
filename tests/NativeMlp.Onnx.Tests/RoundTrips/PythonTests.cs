// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;
using NativeMlp.Onnx.Tests.Support;
using NativeMlp.Storage;
using NativeMlp.Tables;
using NativeMlp.Tabular.Training;
using NativeMlp.Tests.Support;
using static NativeMlp.Onnx.Tests.Support.Differences;

namespace NativeMlp.Onnx.Tests.RoundTrips;

/// <summary>PyTorch and scikit-learn themselves, where they are installed.</summary>
[Trait("Starts", "Processes")]
public sealed class PythonTests
{
    private const string Python = "/usr/bin/python3";

    // The state dictionary goes through numpy, so that the package safetensors need not be there.
    private const string ReadSafetensors = """
        import json, struct, numpy as np, torch
        def load_file(path):
            data = open(path, "rb").read()
            length = struct.unpack("<Q", data[:8])[0]
            header = json.loads(data[8:8 + length])
            header.pop("__metadata__", None)
            return {k: torch.tensor(np.frombuffer(data, "<f4", (v["data_offsets"][1] - v["data_offsets"][0]) // 4, 8 + length + v["data_offsets"][0]).reshape(v["shape"]).copy()) for k, v in header.items()}
        def save_file(tensors, path):
            header, data = {}, b""
            for k, t in tensors.items():
                raw = t.numpy().tobytes()
                header[k] = {"dtype": {"float32": "F32", "float64": "F64", "float16": "F16", "int64": "I64"}[str(t.numpy().dtype)], "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
                data += raw
            text = json.dumps(header).encode()
            open(path, "wb").write(struct.pack("<Q", len(text)) + text + data)

        """;

    private const string Network = """
        import torch.nn as nn
        net = nn.Sequential(nn.Linear(5, 8), nn.BatchNorm1d(8), nn.GELU(), nn.Linear(8, 6), nn.BatchNorm1d(6), nn.GELU(), nn.Linear(6, 3))

        """;

    [Fact]
    public void SavePyTorch_InPyTorch_AnswersTheSame()
    {
        using TemporaryFolder folder = new();
        using Mlp network = Make(Activation.Gelu);
        WeightFiles.SavePyTorch(network, folder.File("net.safetensors"), PyTorchNames.Sequential);
        float[] rows = WriteRows(folder, 1000);
        Run(folder, "torch", ReadSafetensors + Network + """
            net.load_state_dict(load_file("net.safetensors"), strict=False)
            net.eval()
            with torch.no_grad(): net(torch.tensor(np.fromfile("rows.bin", "<f4").reshape(-1, 5))).numpy().tofile("answers.bin")
            """);
        Assert.InRange(Relative(Doubles(network.Predict(Batch.FromRows(rows, 1000))), Doubles(ReadAnswers(folder))), 0, Bound);
    }

    [Theory]
    [InlineData("adult")]
    [InlineData("diabetes")]
    [InlineData("fashion-mnist")]
    [InlineData("spirals")]
    public void SavePyTorch_OfATrainedModel_AnswersTheSameInPyTorch(string data)
    {
        SkipWithout("torch");
        using TemporaryFolder folder = new();
        (IDisposable owner, Mlp network, float[] rows) = Train(data);
        using IDisposable _ = owner;
        WeightFiles.SavePyTorch(network, folder.File("net.safetensors"), PyTorchNames.Sequential);
        Write(folder, rows);
        Run(folder, "torch", ReadSafetensors + $"""
            import torch.nn as nn
            net = nn.Sequential({string.Join(", ", network.Layers.SelectMany(Modules))})
            net.load_state_dict(load_file("net.safetensors"), strict=False)
            net.eval()
            with torch.no_grad(): net(torch.tensor(np.fromfile("rows.bin", "<f4").reshape(-1, {network.Inputs}))).numpy().tofile("answers.bin")
            """);
        Assert.InRange(Relative(Doubles(network.Predict(Batch.FromRows(rows, TrainedModels.Rows))), Doubles(ReadAnswers(folder))), 0, Bound);
    }

    [Theory]
    [InlineData("float32")]
    [InlineData("float64")]
    public void LoadPyTorch_FromPyTorch_AnswersTheSame(string type)
    {
        using TemporaryFolder folder = new();
        float[] rows = WriteRows(folder, 1000);
        Run(folder, "torch", ReadSafetensors + Network + $"""
            torch.manual_seed(1)
            net.train()
            net(torch.randn(100, 5))
            net.eval()
            save_file(net.to(torch.{type}).state_dict(), "net.safetensors")
            with torch.no_grad(): net.float()(torch.tensor(np.fromfile("rows.bin", "<f4").reshape(-1, 5))).numpy().tofile("answers.bin")
            """);
        using ImportedNetwork network = WeightFiles.LoadPyTorch(folder.File("net.safetensors"), new ImportOptions { Activation = Activation.Gelu });
        Assert.InRange(Relative(Doubles(ReadAnswers(folder)), Doubles(network.Network.Predict(Batch.FromRows(rows, 1000)))), 0, Bound);
    }

    [Theory]
    [InlineData("nn.ReLU()")]
    [InlineData("nn.LeakyReLU(0.2)")]
    [InlineData("nn.ELU(0.7)")]
    [InlineData("nn.Sigmoid()")]
    [InlineData("nn.Tanh()")]
    [InlineData("nn.GELU()")]
    [InlineData("nn.GELU(approximate='tanh')")]
    [InlineData("nn.SiLU()")]
    [InlineData("nn.Softplus()")]
    public void LoadOnnx_FromPyTorch_AnswersTheSame(string activation)
    {
        using TemporaryFolder folder = new();
        float[] rows = WriteRows(folder, 1000);
        Run(folder, "torch", $"""
            import numpy as np, torch, torch.nn as nn
            torch.manual_seed(1)
            net = nn.Sequential(nn.Flatten(), nn.Linear(5, 8), nn.BatchNorm1d(8), {activation}, nn.Dropout(0.3), nn.Linear(8, 6, bias=False), {activation}, nn.Linear(6, 3), nn.Softmax(dim=1))
            net(torch.randn(100, 5))
            net.eval()
            rows = torch.tensor(np.fromfile("rows.bin", "<f4").reshape(-1, 5))
            torch.onnx.export(net, rows[:2], "net.onnx", opset_version=13, input_names=["x"], output_names=["y"], dynamic_axes=dict(x=[0], y=[0]))
            with torch.no_grad(): net(rows).numpy().tofile("answers.bin")
            """);
        using ImportedNetwork network = OnnxImport.Load(folder.File("net.onnx"));
        Assert.Equal(Loss.SoftmaxCrossEntropy, network.Network.Options.Loss);
        Assert.InRange(Greatest(Doubles(ReadAnswers(folder)), Doubles(network.Network.PredictProbabilities(Batch.FromRows(rows, 1000)))), 0, Bound);
    }

    [Theory]
    [InlineData("relu", 3)]
    [InlineData("logistic", 3)]
    [InlineData("tanh", 2)]
    public void LoadNpz_FromScikitLearn_AnswersTheSame(string activation, int classes)
    {
        using TemporaryFolder folder = new();
        float[] rows = WriteRows(folder, 1000);
        string page = File.ReadAllText(Repository.PathOf("docs", "exchange.md")), lines = page.Split("```python\nimport numpy")[1].Split("```")[0];
        Run(folder, "sklearn", $"""
            import numpy as np
            from sklearn.neural_network import MLPClassifier
            rng = np.random.RandomState(1)
            x = rng.randn(200, 5)
            clf = MLPClassifier((8, 6), activation="{activation}", max_iter=20, random_state=1).fit(x, rng.randint(0, {classes}, 200))
            import numpy{lines}
            clf.predict_proba(np.fromfile("rows.bin", "<f4").reshape(-1, 5).astype(float)).astype("<f4").tofile("answers.bin")
            """);
        using ImportedNetwork network = WeightFiles.LoadNpz(folder.File("mlp.npz"));
        double[] answers = Doubles(network.Network.PredictProbabilities(Batch.FromRows(rows, 1000)));
        if (classes == 2) answers = [.. answers.SelectMany(p => new[] { 1 - p, p })];
        Assert.InRange(Greatest(Doubles(ReadAnswers(folder)), answers), 0, Bound);
    }

    private static Mlp Make(Activation activation) => RandomNetwork.Make(
        new MlpOptions { Inputs = 5, Hidden = [8, 6], Outputs = 3, Norm = Norm.Batch, Activation = activation }, new Random(1));

    private static float[] WriteRows(TemporaryFolder folder, int count)
    {
        float[] rows = RandomNetwork.Numbers(new Random(3), count * 5);
        Write(folder, rows);
        return rows;
    }

    private static void Write(TemporaryFolder folder, float[] rows) => folder.Write("rows.bin", MemoryMarshal.AsBytes(rows.AsSpan()).ToArray());

    // A network of a trained model, and encoded rows.
    private static (IDisposable Owner, Mlp Network, float[] Rows) Train(string data)
    {
        if (data is "adult" or "diabetes")
        {
            (TableTrainingResult trained, Table rows) = data == "adult" ? TrainedModels.Adult() : TrainedModels.Diabetes();
            return (trained, trained.Model.Networks[0], TrainedModels.Encode(rows, trained.Model));
        }

        (Mlp network, CheckpointInfo info, float[] numbers) = data == "spirals" ? TrainedModels.Spirals() : TrainedModels.FashionMnist();
        return (network, network, TrainedModels.Encode(numbers, info));
    }

    // What PyTorch calls the parts of a layer.
    private static IEnumerable<string> Modules(LayerShape layer)
    {
        yield return $"nn.Linear({layer.Inputs}, {layer.Width})";
        if (layer.Norm != Norm.None) yield return $"nn.{layer.Norm}Norm{(layer.Norm == Norm.Batch ? "1d" : "")}({layer.Width})";
        if (layer.Activation != Activation.Identity)
            yield return layer.Activation switch { Activation.Relu => "nn.ReLU()", Activation.Gelu => "nn.GELU()", Activation.Silu => "nn.SiLU()", var other => throw new NotSupportedException($"{other}") };
        if (layer.Dropout > 0) yield return FormattableString.Invariant($"nn.Dropout({layer.Dropout})");
    }

    private static float[] ReadAnswers(TemporaryFolder folder)
    {
        byte[] bytes = File.ReadAllBytes(folder.File("answers.bin"));
        return [.. Enumerable.Range(0, bytes.Length / 4).Select(i => BitConverter.ToSingle(bytes, i * 4))];
    }

    private static void Run(TemporaryFolder folder, string module, string script)
    {
        SkipWithout(module);
        folder.Write("script.py", System.Text.Encoding.UTF8.GetBytes(script));
        CommandResult result = new Command("bash", "-c", $"cd '{folder.Path}' && {Python} script.py").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
    }

    private static void SkipWithout(string module) =>
        Assert.SkipUnless(File.Exists(Python) && new Command(Python, "-c", $"import importlib.util, sys; sys.exit(importlib.util.find_spec('{module}') is None)").Run().ExitCode == 0, $"Python's {module} is not here");
}
