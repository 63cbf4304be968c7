// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text.Json;
using NativeMlp.Tables;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>The precision of the weights in predict, evaluate and summary, as whole programs.</summary>
[Trait("Starts", "Processes")]
public sealed class PrecisionCommandTests(TableModelFixture models) : IClassFixture<TableModelFixture>
{
    [Fact]
    public void Predict_WithBf16_IsWhatTheLibraryAnswers()
    {
        using var folder = new TemporaryFolder();
        using TableModel model = TableModel.Load(models.Pay), narrow = model.Freeze(Precision.BFloat16);
        CommandResult result = Command.Runner("predict", models.Pay, models.Csv, "--precision", "bf16").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(narrow.Predict(TableModelFixture.Table).Values.ToArray(), result.Lines[1..].Select(line => double.Parse(line, CultureInfo.InvariantCulture)));
        CommandResult piped = Command.Shell(folder, $"run predict '{models.Pay}' - --precision bf16 < '{models.Csv}'").Run();
        Assert.Equal(result.Output, piped.Output);
        CommandResult wide = Command.Runner("predict", models.Pay, models.Csv).Run();
        Assert.NotEqual(wide.Output, result.Output);
        Assert.Equal(wide.Output, Command.Runner("predict", models.Pay, models.Csv, "--precision", "float32").Run().Output);
    }

    [Fact]
    public void Predict_OfAnExportedModelWithBf16_KeepsItsPrecision()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("narrow.safetensors");
        CommandResult exported = Command.Runner("export", models.Pay, file, "--format", "model", "--precision", "bf16").Run();
        Assert.True(exported.ExitCode == 0, exported.ToString());
        string expected = Command.Runner("predict", models.Pay, models.Csv, "--precision", "bf16").Run().Output;
        Assert.Equal(expected, Command.Runner("predict", file, models.Csv).Run().Output);
        Assert.Equal(expected, Command.Runner("predict", file, models.Csv, "--precision", "bf16").Run().Output);

        CommandResult refused = Command.Runner("predict", file, models.Csv, "--precision", "float32").Run();
        Assert.True(refused.ExitCode == 2, refused.ToString());
        Assert.Contains("--precision is float32, but the weights in", refused.Error, StringComparison.Ordinal);
        Assert.Contains("were rounded to bf16; use the model that it was made from.", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_WithBf16_SaysSo()
    {
        CommandResult narrow = Command.Runner("evaluate", models.Classes, models.Csv, "--precision", "bf16").Run();
        Assert.True(narrow.ExitCode == 0, narrow.ToString());
        Assert.Contains("bf16", narrow.Output, StringComparison.Ordinal); // the line may be wrapped
        Assert.DoesNotContain("bf16", Command.Runner("evaluate", models.Classes, models.Csv).Run().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void EvaluateAndPredict_OfABuiltInSet_RoundTheWeights()
    {
        using var folder = new TemporaryFolder();
        string model = JsonDocument.Parse(Command.Runner("train", "--data", "moons", "--epochs", "2", "--hidden", "8", "--out", folder.File("run"), "--json").Run().Lines[^1])
            .RootElement.GetProperty("checkpoint").GetString()!;
        string file = folder.File("narrow.safetensors");
        Assert.Equal(0, Command.Runner("export", model, file, "--format", "model", "--precision", "bf16").Run().ExitCode);
        Assert.InRange(new FileInfo(file).Length, 1, new FileInfo(model).Length - 1);
        foreach (string command in (string[])["predict", "evaluate"])
        {
            CommandResult rounded = Command.Runner(command, model, "moons", "--json", "--precision", "bf16").Run();
            Assert.True(rounded.ExitCode == 0, rounded.ToString());
            string[] expected = Command.Runner(command, file, "moons", "--json").Run().Lines;
            Assert.Equal(expected[..^1], rounded.Lines[..^1]);
            Assert.Equal(HashIn(expected[^1]), HashIn(rounded.Lines[^1]));
            Assert.NotEqual(HashIn(Command.Runner(command, model, "moons", "--json").Run().Lines[^1]), HashIn(rounded.Lines[^1]));
        }

        Assert.Equal(2, Command.Runner("predict", file, "moons", "--precision", "float32").Run().ExitCode);
        JsonElement summary = JsonDocument.Parse(Command.Runner("summary", file, "--json").Run().Output).RootElement;
        Assert.Equal("bf16", summary.GetProperty("precision").GetString());
        Assert.Equal(((16 + 16) * 2) + ((8 + 2) * 4), summary.GetProperty("parameter_bytes").GetInt32());
    }

    [Fact]
    public void Export_OfCSharpWithAPrecision_IsRefused()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Command.Runner("export", models.Pay, folder.File("Pay.cs"), "--precision", "bf16").Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("--precision has no effect on C# code", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_WithAnUnknownPrecision_NamesTheKnownOnes()
    {
        CommandResult result = Command.Runner("predict", models.Pay, models.Csv, "--precision", "half").Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("--precision is 'half', but it must be one of float32, bf16", result.Error, StringComparison.Ordinal);
    }

    private static string? HashIn(string line) => JsonDocument.Parse(line).RootElement.GetProperty("weights_sha256").GetString();
}
