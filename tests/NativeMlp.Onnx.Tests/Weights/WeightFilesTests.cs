// SPDX-License-Identifier: MIT
using System.IO.Compression;
using System.Text;
using NativeMlp.Data;
using NativeMlp.Onnx.Tests.Support;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Onnx.Tests.Weights;

/// <summary>Weights in safetensors with PyTorch's names, and in npz.</summary>
public sealed class WeightFilesTests
{
    public static TheoryData<PyTorchNames, Norm, Activation> Networks() =>
        new MatrixTheoryData<PyTorchNames, Norm, Activation>(Enum.GetValues<PyTorchNames>(), Enum.GetValues<Norm>(), [Activation.Gelu, Activation.Maxout]);

    [Theory]
    [MemberData(nameof(Networks))]
    public void PyTorch_ThereAndBack_GivesTheSameBits(PyTorchNames names, Norm norm, Activation activation)
    {
        using Mlp network = Make(norm, activation);
        using TemporaryFolder folder = new();
        WeightFiles.SavePyTorch(network, folder.File("a.safetensors"), names);
        using ImportedNetwork back = WeightFiles.LoadPyTorch(folder.File("a.safetensors"));
        CheckSame(network, back.Network);
    }

    [Theory]
    [InlineData(Norm.None, Activation.Gelu)]
    [InlineData(Norm.Batch, Activation.Maxout)]
    [InlineData(Norm.Layer, Activation.Elu)]
    public void Npz_ThereAndBack_GivesTheSameBits(Norm norm, Activation activation)
    {
        using Mlp network = Make(norm, activation);
        using TemporaryFolder folder = new();
        WeightFiles.SaveNpz(network, folder.File("a.npz"));
        using ImportedNetwork back = WeightFiles.LoadNpz(folder.File("a.npz"));
        CheckSame(network, back.Network);
    }

    [Theory]
    [InlineData(PyTorchNames.Fc, "fc1.weight", "fc2.weight", "bn1.weight")]
    [InlineData(PyTorchNames.Sequential, "0.weight", "3.weight", "1.weight")]
    [InlineData(PyTorchNames.Layers, "layers.0.weight", "layers.1.weight", "norms.0.weight")]
    [InlineData(PyTorchNames.Net, "net.0.weight", "net.3.weight", "net.1.weight")]
    public void SavePyTorch_Names_AreThoseOfTheModules(PyTorchNames names, params string[] expected)
    {
        using Mlp network = new(new MlpOptions { Inputs = 4, Hidden = [6], Outputs = 3, Norm = Norm.Batch });
        using TemporaryFolder folder = new();
        WeightFiles.SavePyTorch(network, folder.File("a.safetensors"), names);
        SafeTensorsFile file = SafeTensorsFile.Read(folder.File("a.safetensors"));
        Assert.Subset(file.Tensors.Keys.ToHashSet(), expected.ToHashSet());
        Assert.Equal([6, 4], file.Tensors[expected[0]].Shape);
    }

    // x·Wᵀ + b with W = [[1, 2], [3, 4], [5, 6]]: rows are outputs.
    [Theory]
    [InlineData("F64")]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void LoadPyTorch_OtherTypes_AreConvertedWithANote(string type)
    {
        using TemporaryFolder folder = new();
        Write(folder.File("a.safetensors"), new() { ["0.weight"] = Tensor(type, [1, 2, 3, 4, 5, 6], 3, 2), ["0.bias"] = Tensor(type, [0.5f, 0, -0.5f], 3) });
        using ImportedNetwork network = WeightFiles.LoadPyTorch(folder.File("a.safetensors"));
        Assert.Equal([3 + 0.5f, 7, 11 - 0.5f], network.Network.Predict([1, 1]));
        Assert.Contains(network.Notes, note => note.Contains(type, StringComparison.Ordinal));
    }

    [Fact]
    public void LoadPyTorch_ATypeThatIsNotRead_IsSkippedByName()
    {
        string header = """{"0.bias":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"scales":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[12,16]}}""";
        using TemporaryFolder folder = new();
        byte[] bytes = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. BitConverter.GetBytes(2f), .. BitConverter.GetBytes(3f), .. BitConverter.GetBytes(1f), 0, 0, 0, 0];
        using ImportedNetwork network = WeightFiles.LoadPyTorch(folder.Write("a.safetensors", bytes));
        Assert.Equal([6f], network.Network.Predict([1, 1]));
        Assert.Contains(network.Notes, note => note.Contains("'scales' (F8_E4M3)", StringComparison.Ordinal));
    }

    [Fact]
    public void LoadPyTorch_WithoutAnActivation_AsksForOne()
    {
        using TemporaryFolder folder = new();
        Write(folder.File("a.safetensors"), new() { ["fc1.weight"] = Tensor("F32", new float[6], 3, 2), ["fc2.weight"] = Tensor("F32", new float[3], 1, 3) });
        DataFormatException e = Assert.Throws<DataFormatException>(() => WeightFiles.LoadPyTorch(folder.File("a.safetensors")));
        Assert.Contains("--activation", e.Message, StringComparison.Ordinal);
        using ImportedNetwork network = WeightFiles.LoadPyTorch(folder.File("a.safetensors"), new ImportOptions { Activation = Activation.Tanh });
        Assert.Equal(Activation.Tanh, network.Network.Layers[0].Activation);
    }

    [Fact]
    public void LoadPyTorch_NamesOutOfOrder_FollowTheOnlyChain()
    {
        using TemporaryFolder folder = new();
        Write(folder.File("a.safetensors"), new() { ["output.weight"] = Tensor("F32", new float[8], 2, 4), ["input.weight"] = Tensor("F32", new float[15], 5, 3), ["mid.weight"] = Tensor("F32", new float[20], 4, 5) });
        using ImportedNetwork network = WeightFiles.LoadPyTorch(folder.File("a.safetensors"), new ImportOptions { Activation = Activation.Relu });
        Assert.Equal((3, 2), (network.Network.Inputs, network.Network.Outputs));
        Assert.Equal([5, 4], network.Network.Options.Hidden);
    }

    [Theory]
    [InlineData(new byte[] { 0x80, 0x02, (byte)'}', (byte)'q' }, "a.safetensors", "safetensors instead")]
    [InlineData(new byte[] { (byte)'h', (byte)'e', (byte)'l', (byte)'l', (byte)'o' }, "a.safetensors", "it is a text file; a safetensors file was expected")]
    public void LoadPyTorch_AnotherFile_IsNamed(byte[] content, string name, string expected)
    {
        using TemporaryFolder folder = new();
        Assert.Contains(expected, Assert.Throws<DataFormatException>(() => WeightFiles.LoadPyTorch(folder.Write(name, content))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conv.weight", 8)]
    [InlineData("0.bias_extra", 1)]
    [InlineData("scales", 2)]
    public void LoadPyTorch_ATensorThatNoLayerTakes_IsRefusedByName(string name, int size)
    {
        using TemporaryFolder folder = new();
        int[] shape = size == 8 ? [2, 2, 2] : [size];
        Write(folder.File("a.safetensors"), new() { ["0.weight"] = Tensor("F32", new float[6], 3, 2), [name] = Tensor("F32", new float[size], shape) });
        Assert.Contains($"'{name}'", Assert.Throws<DataFormatException>(() => WeightFiles.LoadPyTorch(folder.File("a.safetensors"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("running_mean", "incomplete")]
    [InlineData("running_var", "incomplete")]
    [InlineData("num_batches_tracked", null)]
    public void LoadPyTorch_PartOfANorm_IsRefusedUnlessItIsACounter(string part, string? problem)
    {
        using TemporaryFolder folder = new();
        Write(folder.File("a.safetensors"), new() { ["fc1.weight"] = Tensor("F32", new float[6], 3, 2), ["bn1.weight"] = Tensor("F32", new float[3], 3), [$"bn1.{part}"] = Tensor("F32", new float[3], 3) });
        Exception? e = Record.Exception(() => WeightFiles.LoadPyTorch(folder.File("a.safetensors")).Dispose());
        if (problem is null) Assert.Null(e);
        else Assert.Contains(problem, Assert.IsType<DataFormatException>(e).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadNpz_AGapInTheNumbers_IsRefused()
    {
        using Mlp network = Make(Norm.None, Activation.Gelu);
        using TemporaryFolder folder = new();
        WeightFiles.SaveNpz(network, folder.File("a.npz"));
        using (ZipArchive archive = ZipFile.Open(folder.File("a.npz"), ZipArchiveMode.Update))
        {
            foreach (string name in (string[])["coefs_1.npy", "pieces.npy"]) archive.GetEntry(name)!.Delete();
        }


        Assert.Contains("'coefs_2'", Assert.Throws<DataFormatException>(() => WeightFiles.LoadNpz(folder.File("a.npz"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadNpz_ManyArraysThatUnpackToALot_AreRefused()
    {
        using TemporaryFolder folder = new();
        using (ZipArchive archive = ZipFile.Open(folder.File("a.npz"), ZipArchiveMode.Create))
        {
            for (int i = 0; i < 5; i++)
            {
                using Stream content = archive.CreateEntry($"a{i}.npy").Open();
                content.Write(NpyOfZeros(4 << 20));
            }
        }

        Assert.Contains("fill the memory", Assert.Throws<DataFormatException>(() => WeightFiles.LoadNpz(folder.File("a.npz"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadNpz_AnArchiveOfPyTorch_IsNotExecuted()
    {
        using TemporaryFolder folder = new();
        using (ZipArchive archive = ZipFile.Open(folder.File("a.npz"), ZipArchiveMode.Create)) archive.CreateEntry("model/data.pkl").Open().Dispose();
        Assert.Contains("safetensors instead", Assert.Throws<DataFormatException>(() => WeightFiles.LoadNpz(folder.File("a.npz"))).Message, StringComparison.Ordinal);
    }

    private static Mlp Make(Norm norm, Activation activation) => RandomNetwork.Make(
        new MlpOptions { Inputs = 5, Hidden = [6, 6], Outputs = 3, Norm = norm, Activation = activation, Pieces = 2, NormEpsilon = 1e-3, Loss = Loss.MulticlassHinge }, new Random(1));

    private static void CheckSame(Mlp expected, Mlp actual)
    {
        Assert.Equal(Checkpoint.WeightsSha256(expected), Checkpoint.WeightsSha256(actual));
        Batch batch = Batch.FromRows(RandomNetwork.Numbers(new Random(2), 5 * expected.Inputs), 5);
        Assert.Equal(expected.PredictProbabilities(batch), actual.PredictProbabilities(batch));
        Assert.Equal(expected.Options.Loss, actual.Options.Loss);
    }

    private static byte[] NpyOfZeros(int count)
    {
        string header = FormattableString.Invariant($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({count},), }}").PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[count * sizeof(float)]];
    }

    private static void Write(string path, Dictionary<string, SafeTensor> tensors) => new SafeTensorsFile(tensors).Write(path);

    private static SafeTensor Tensor(string type, float[] values, params int[] shape) => new(type, shape, values.SelectMany(value => type switch
    {
        "F64" => BitConverter.GetBytes((double)value),
        "F16" => BitConverter.GetBytes((Half)value),
        "BF16" => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)),
        _ => BitConverter.GetBytes(value),
    }).ToArray());
}
