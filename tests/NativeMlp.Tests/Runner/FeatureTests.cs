// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>A model answers as it was trained: with the same data, the same order and scale of the features, or not at all.</summary>
[Trait("Starts", "Processes")]
public sealed class FeatureTests
{
    private const int Record = 3073;
    private static readonly string[] Measures = ["test_loss", "test_accuracy"];

    [Theory]
    [InlineData("--preset cs231n-a1")]
    [InlineData("--preset cs231n-a2")]
    [InlineData("--preset eecs498-a2")]
    [InlineData("--validation 0.1")]
    public void Evaluate_OfAModelOfPictures_SaysWhatTrainSaid(string options)
    {
        using var folder = new TemporaryFolder();
        Pictures(folder);
        JsonElement trained = Last(Train(folder, options), 0);
        string model = trained.GetProperty("checkpoint").GetString()!;
        JsonElement evaluated = Last(Evaluate(folder, model), 0);
        Assert.All(Measures, name => Assert.Equal(trained.GetProperty(name).GetDouble(), evaluated.GetProperty(name).GetDouble()));
        Assert.True(trained.GetProperty("test_accuracy").GetDouble() > 0.5, "it has to learn something, or the order would not matter");

        // The training rows are not needed.
        File.Delete(folder.File("cifar-10/data_batch_1.bin"));
        Assert.Equal(evaluated.GetProperty("test_loss").GetDouble(), Last(Evaluate(folder, model), 0).GetProperty("test_loss").GetDouble());
        CommandResult predicted = Command.Runner("predict", "--model", model, "--data", "cifar10", "--data-dir", folder.Path).Run();
        byte[] records = File.ReadAllBytes(folder.File("cifar-10/test_batch.bin"));
        double right = predicted.Lines.Select((line, i) => line == $"{records[i * Record]}" ? 1.0 : 0).Average();
        Assert.Equal(evaluated.GetProperty("test_accuracy").GetDouble(), right, 1e-9);
    }

    /// <summary>Files from before the order was stored: pixels from 0 to 1 only ever came in the order of the data.</summary>
    [Theory]
    [InlineData("--preset cs231n-a1", 3)]
    [InlineData("--preset cs231n-a2", 3)]
    [InlineData("--preset eecs498-a2", 0)]
    [InlineData("--validation 0.1", 0)]
    public void Evaluate_OfAnOlderModel_AnswersOnlyWhereTheOrderIsKnown(string options, int exitCode)
    {
        using var folder = new TemporaryFolder();
        Pictures(folder);
        JsonElement trained = Last(Train(folder, options), 0);
        string model = trained.GetProperty("checkpoint").GetString()!;
        SafeTensorsFile file = SafeTensorsFile.Read(model);
        Dictionary<string, string> metadata = file.Metadata.Where(entry => entry.Key != "pixel_order").ToDictionary();
        Assert.Equal(file.Metadata.Count - 1, metadata.Count);
        new SafeTensorsFile(file.Tensors, metadata).Write(model);
        CommandResult evaluated = Evaluate(folder, model);
        Assert.True(evaluated.ExitCode == exitCode, evaluated.ToString());
        if (exitCode == 0)
            Assert.Equal(trained.GetProperty("test_loss").GetDouble(), Last(evaluated, 0).GetProperty("test_loss").GetDouble());
    }

    [Fact]
    public void Evaluate_OnAnotherDataSet_SaysSo()
    {
        using var folder = new TemporaryFolder();
        CommandResult trained = Command.Runner("train", "--data", "moons", "--epochs", "1", "--out", folder.Path, "--json").Run();
        string model = Last(trained, 0).GetProperty("checkpoint").GetString()!;
        Assert.Empty(Command.Runner("evaluate", "--model", model, "--data", "moons").Run().Error);
        foreach (string command in new[] { "evaluate", "predict" })
        {
            CommandResult result = Command.Runner(command, "--model", model, "--data", "circles").Run();
            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Contains("was trained on 'moons', not on circles", result.Error, StringComparison.Ordinal);
            Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [Fact]
    public void Evaluate_WithALossThatIsNotFinite_IsNoSuccess()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("synthetic"));
        File.WriteAllText(folder.File("synthetic/moons_train.csv"), "x,y,label\n0,0,0\n1,1,1\n");
        CommandResult trained = Command.Runner("train", "--data", "moons", "--epochs", "1", "--out", folder.File("out"), "--json").Run();
        string model = Last(trained, 0).GetProperty("checkpoint").GetString()!;
        File.WriteAllText(folder.File("synthetic/moons_test.csv"), "x,y,label\n1,2,0\n3e38,-3e38,1\n");
        foreach (string command in new[] { "evaluate", "predict" })
        {
            CommandResult result = Command.Runner(command, "--model", model, "--data", "moons", "--data-dir", folder.Path).Run();
            Assert.True(result.ExitCode == 5, result.ToString());
        }
    }

    // Ten classes, each a random picture; a row is its picture with noise.
    private static void Pictures(TemporaryFolder folder)
    {
        Random random = new(7);
        byte[][] prototypes = [.. Enumerable.Range(0, 10).Select(_ => Bytes(random))];
        Directory.CreateDirectory(folder.File("cifar-10"));
        File.WriteAllBytes(folder.File("cifar-10/data_batch_1.bin"), Records(300));
        File.WriteAllBytes(folder.File("cifar-10/test_batch.bin"), Records(100));

        byte[] Records(int count) => [.. Enumerable.Range(0, count).SelectMany(i =>
            prototypes[i % 10].Select((pixel, j) => (byte)((pixel + random.Next(64)) / 2)).Prepend((byte)(i % 10)))];
    }

    private static byte[] Bytes(Random random)
    {
        byte[] bytes = new byte[Record - 1];
        random.NextBytes(bytes);
        return bytes;
    }

    private static CommandResult Train(TemporaryFolder folder, string options) => Command.Runner(["train", "--data", "cifar10", "--data-dir", folder.Path,
        .. options.Split(' '), "--batch", "50", "--steps", "60", "--epochs", "100", "--optimizer", "adam", "--lr", "1e-3", "--threads", "1", "--out", folder.File("out"), "--json"]).Run();

    private static CommandResult Evaluate(TemporaryFolder folder, string model) =>
        Command.Runner("evaluate", "--model", model, "--data", "cifar10", "--data-dir", folder.Path, "--json").Run();

    private static JsonElement Last(CommandResult result, int exitCode)
    {
        Assert.True(result.ExitCode == exitCode, result.ToString());
        return JsonDocument.Parse(result.Lines[^1]).RootElement;
    }
}
