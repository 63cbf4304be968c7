// SPDX-License-Identifier: MIT
using System.Text;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>export and import on the command line.</summary>
[Trait("Starts", "Processes")]
public sealed class ExchangeCommandTests(TableModelFixture models) : IClassFixture<TableModelFixture>
{
    [Fact]
    public void Export_TheFolderOfARun_WritesItsBestModel()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Command.Runner("export", Path.GetDirectoryName(models.Classes)!, folder.File("new/a.onnx"), "--json").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("\"event\":\"exported\"", result.Output, StringComparison.Ordinal);
        Assert.Contains("LabelEncoder", Encoding.Latin1.GetString(File.ReadAllBytes(folder.File("new/a.onnx"))), StringComparison.Ordinal);
    }

    [Fact]
    public void Export_TextsAsFloat_NamesTheColumn() =>
        CheckRefused(2, "Column 'job' is a text", "export", models.Classes, "{}/a.onnx", "--inputs", "float");

    [Fact]
    public void Export_AnotherEnding_AsksForTheFormat() => CheckRefused(2, "--format", "export", models.Classes, "{}/a.bin");

    [Fact]
    public void Export_AnOptionOfAnotherFormat_IsRefused() => CheckRefused(2, "--logits has no effect here", "export", models.Classes, "{}/a.npz", "--logits");

    [Fact]
    public void Import_APickle_IsRefusedWithAdvice()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("model.pt", [0x80, 2, (byte)'}', (byte)'q', 0, (byte)'.']);
        CheckRefused(3, "safetensors instead", "import", file, "--out", "{}/a.safetensors");
    }

    [Fact]
    public void Import_ATextNamedOnnx_SaysWhatWasFoundAndExpected()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("model.onnx", "hello, world"u8.ToArray());
        CheckRefused(3, "it is a text file; an ONNX model was expected", "import", file, "--out", "{}/a.safetensors");
    }

    [Fact]
    public void Import_AnExportedNetwork_PredictsAsBefore()
    {
        using var folder = new TemporaryFolder();
        using Mlp network = new(new MlpOptions { Inputs = 2, Hidden = [8], Outputs = 2, Activation = Activation.Silu });
        Checkpoint.Save(network, folder.File("a.safetensors"), new CheckpointInfo { DataSet = "moons" });
        foreach (string format in (string[])["onnx", "safetensors", "npz"])
        {
            Assert.Equal(0, Command.Runner("export", folder.File("a.safetensors"), folder.File("b." + format)).Run().ExitCode);
            CommandResult result = Command.Runner("import", folder.File("b." + format), "--out", folder.File("c.safetensors")).Run();
            Assert.True(result.ExitCode == 0, result.ToString());
            using LoadedCheckpoint back = Checkpoint.Load(folder.File("c.safetensors"));
            Assert.Equal(network.Predict([0.3f, -0.7f]), back.Mlp.Predict([0.3f, -0.7f]));
        }
    }

    private static void CheckRefused(int exitCode, string words, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Command.Runner([.. arguments.Select(argument => argument.Replace("{}", folder.Path, StringComparison.Ordinal))]).Run();
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Empty(Directory.EnumerateFiles(folder.Path));
    }
}
