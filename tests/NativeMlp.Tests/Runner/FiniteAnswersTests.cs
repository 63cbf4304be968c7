// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Storage;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>A model that has no finite answer never ends in success.</summary>
[Trait("Starts", "Processes")]
public sealed class FiniteAnswersTests
{
    [Fact]
    public void Evaluate_OfAModelWhoseScoresOverflow_EndsWith5()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Command.Runner("evaluate", "--model", Broken(folder), "--data", "moons", "--json").Run();
        Refused(result);
        JsonElement line = JsonDocument.Parse(Assert.Single(result.Lines)).RootElement;
        Assert.Equal(JsonValueKind.Null, line.GetProperty("test_loss").ValueKind);
        Assert.Equal(0, line.GetProperty("test_accuracy").GetDouble());
    }

    [Fact]
    public void Predict_OfAModelWhoseScoresOverflow_EndsWith5()
    {
        using var folder = new TemporaryFolder();
        string model = Broken(folder);
        CommandResult result = Command.Runner("predict", "--model", model, "--data", "moons").Run();
        Refused(result);
        Assert.Empty(result.Lines);
    }

    private static string Broken(TemporaryFolder folder)
    {
        string path = folder.File("broken.safetensors");
        using var mlp = new Mlp(new MlpOptions { Inputs = 2, Outputs = 2 });
        mlp.WriteWeights(0, [3e38f, 3e38f, 3e38f, 3e38f]); // a NaN would be refused on loading
        Checkpoint.Save(mlp, path, new CheckpointInfo { DataSet = "moons", Scale = 1e30f });
        return path;
    }

    private static void Refused(CommandResult result)
    {
        Assert.True(result.ExitCode == 5, result.ToString());
        Assert.Contains("features may be too large for this model", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
