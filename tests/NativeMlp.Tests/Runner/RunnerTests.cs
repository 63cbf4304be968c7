// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Data;
using NativeMlp.Runner.Jobs;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>The program as its users meet it: a process with arguments, two streams and an exit code.</summary>
[Trait("Starts", "Processes")]
public sealed class RunnerTests
{
    private static readonly string[] EpochNames =
        ["event", "epoch", "step", "train_loss", "train_accuracy", "val_loss", "val_accuracy", "lr", "samples_per_second", "elapsed_s"];

    private static readonly string[] ResultNames =
    [
        "event", "status", "test_loss", "test_accuracy", "parameters", "weights_sha256", "checkpoint",
        "test_auc", "test_log_loss", "test_r2", "test_rmse", "test_mae", "model", "run",
    ];

    /// <summary>The area under the ROC curve is the share of pairs of rows of two classes that the probabilities order rightly.</summary>
    [Fact]
    public void Evaluate_OfABuiltInSet_HasItsAreaAndLogLoss()
    {
        using var folder = new TemporaryFolder();
        JsonElement trained = JsonDocument.Parse(Command.Runner("train", "--data", "moons", "--epochs", "2", "--hidden", "4", "--out", folder.Path, "--json").Run().Lines[^1]).RootElement;
        string[] arguments = [trained.GetProperty("checkpoint").GetString()!, "moons", "--json"];
        JsonElement evaluated = JsonDocument.Parse(Command.Runner(["evaluate", .. arguments]).Run().Lines[^1]).RootElement;
        (double Probability, int Label)[] rows = [.. Command.Runner(["predict", .. arguments]).Run().Lines[..^1].Select(line => JsonDocument.Parse(line).RootElement)
            .Select(line => line.GetProperty("class").GetInt32() == 1 ? line.GetProperty("probability").GetDouble() : 1 - line.GetProperty("probability").GetDouble())
            .Zip(LoadedData.Generate(BuiltInDataSets.Get("moons")).Test.Labels.ToArray())];
        double[] positive = [.. rows.Where(row => row.Label == 1).Select(row => row.Probability)], negative = [.. rows.Where(row => row.Label == 0).Select(row => row.Probability)];
        double right = positive.Sum(p => negative.Sum(n => p > n ? 1 : p == n ? 0.5 : 0));
        Assert.Equal(right / positive.Length / negative.Length, evaluated.GetProperty("test_auc").GetDouble(), 1e-5);
        Assert.Equal(evaluated.GetProperty("test_loss").GetDouble(), evaluated.GetProperty("test_log_loss").GetDouble(), 1e-5);
        Assert.All((string[])["test_auc", "test_log_loss"], name => Assert.Equal(evaluated.GetProperty(name).GetDouble(), trained.GetProperty(name).GetDouble()));
        Assert.All((string[])["test_r2", "test_rmse", "test_mae"], name => Assert.Equal(JsonValueKind.Null, evaluated.GetProperty(name).ValueKind));
    }

    /// <summary>Of a squared error the scores are no probabilities: they order the rows, and no more.</summary>
    [Fact]
    public void Train_WithoutProbabilities_HasNoLogLoss()
    {
        using var folder = new TemporaryFolder();
        CommandResult run = Command.Runner("train", "--data", "xor", "--epochs", "1", "--loss", "mse", "--out", folder.Path, "--json").Run();
        JsonElement result = JsonDocument.Parse(run.Lines[^1]).RootElement;
        Assert.Equal((JsonValueKind.Number, JsonValueKind.Null), (result.GetProperty("test_auc").ValueKind, result.GetProperty("test_log_loss").ValueKind));
    }

    [Fact]
    public void NoArguments_ShowsBothClassifiersOnAllSets()
    {
        CommandResult result = Command.Runner().Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.All(new[] { "xor", "circles", "moons", "spirals", "linear classifier", "two-layer network" }, word => Assert.Contains(word, result.Output, StringComparison.Ordinal));
        Assert.DoesNotContain('\e', result.Output); // no colours in a pipe
        Assert.All(result.Output.Split('\n').Where(line => !line.StartsWith("  dotnet ", StringComparison.Ordinal)), line => Assert.InRange(line.Length, 0, 80)); // a command is never broken
    }

    [Fact]
    public void Train_WithJson_PrintsItsEventsAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Train(folder, "--data", "moons", "--epochs", "3", "--validation", "0.1", "--lr-decay", "0.5").With("LANG", "de_DE.UTF-8").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement[] events = [.. result.Lines.Skip(1).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(4, events.Length);
        Assert.All(events[..3], e => Assert.Equal(EpochNames, Names(e)));
        Assert.Equal([18, 36, 54], events[..3].Select(e => e.GetProperty("step").GetInt32())); // 900 rows in batches of 50
        Assert.Equal(events[0].GetProperty("lr").GetDouble() / 4, events[2].GetProperty("lr").GetDouble(), 1e-15);
        Assert.Equal(ResultNames.Order(), Names(events[3]).Order());
        Assert.Equal("done", events[3].GetProperty("status").GetString());
        Assert.Equal(64, events[3].GetProperty("weights_sha256").GetString()!.Length);
        Assert.True(File.Exists(events[3].GetProperty("checkpoint").GetString()));
    }

    [Fact]
    public void EvaluateAndPredict_OfASavedModel_AgreeWithTraining()
    {
        using var folder = new TemporaryFolder();
        JsonElement trained = Last(Train(folder, "--data", "spirals", "--epochs", "20").Run());
        string model = trained.GetProperty("checkpoint").GetString()!;
        JsonElement evaluated = Last(Command.Runner("evaluate", "--model", model, "--data", "spirals", "--json").Run());
        Assert.Equal(trained.GetProperty("test_accuracy").GetDouble(), evaluated.GetProperty("test_accuracy").GetDouble());
        Assert.Equal(trained.GetProperty("test_loss").GetDouble(), evaluated.GetProperty("test_loss").GetDouble());
        CommandResult predicted = Command.Runner("predict", "--model", model, "--data", "spirals", "--json").Run();
        Assert.Equal(0, predicted.ExitCode);
        Assert.Equal(900, predicted.Lines.Count(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString() == "prediction"));
    }

    [Theory]
    [InlineData(0, "info")]
    [InlineData(0, "gradcheck")]
    [InlineData(0, "--help")]
    [InlineData(0, "gradcheck --hidden 6,5 --activation gelu --norm layer --dropout 0.2 --loss hinge")]
    [InlineData(0, "gradcheck --hidden none --loss mse")]
    [InlineData(0, "gradcheck --activation tanh --norm batch --loss softmax --label-smoothing 0.1")]
    [InlineData(0, "train --data moons --epochs 3 --activation silu --norm layer --dropout 0.1 --loss hinge --optimizer adamw --clip-norm 1")]
    [InlineData(0, "train --data moons --epochs 3 --optimizer nesterov --schedule cosine --warm-up 5 --max-norm 3 --init normal --init-std 0.1")]
    [InlineData(0, "train --data moons --epochs 50 --steps 30 --draw replacement --optimizer rmsprop --momentum 0.5")]
    [InlineData(0, "train --data moons --epochs 400 --early-stopping 2 --validation 0.2 --schedule plateau --lr-step 1")]
    [InlineData(0, "gradcheck --activation maxout --pieces 3 --norm layer --dropout 0.2")]
    [InlineData(0, "train --data moons --epochs 3 --hidden 16 --activation maxout --pieces 4 --norm batch --max-norm 2")]
    [InlineData(2, "train --data moons --activation maxout --pieces 1")]
    [InlineData(2, "train --data moons --activation rulu")]
    [InlineData(2, "train --data moons --dropout 1")]
    [InlineData(2, "train --data moons --preset cs231n-a1")]
    [InlineData(2, "train --data moons --preset cs231")]
    [InlineData(2, "trian")]
    [InlineData(2, "train --data minst")]
    [InlineData(2, "train --data moons --epohcs 3")]
    [InlineData(2, "train --data moons --lr NaN")]
    [InlineData(2, "train --data moons --hidden 64,0")]
    [InlineData(2, "train --data moons --epochs -3")]
    [InlineData(2, "train --data moons --batch 1001")]
    [InlineData(2, "train --data mnist")]
    [InlineData(2, "evaluate --data moons")]
    [InlineData(3, "train --data mnist --data-dir /no/such/folder")]
    [InlineData(3, "evaluate --model /no/such/model --data moons")]
    [InlineData(5, "train --data moons --optimizer sgd --lr 1e30 --epochs 20")]
    public void Command_AsTyped_EndsWithItsExitCode(int exitCode, string line)
    {
        using var folder = new TemporaryFolder();
        string[] words = line.Split(' ');
        if (words[0] == "train")
            words = [.. words, "--out", folder.Path];

        CommandResult result = Command.Runner(words).Run();
        Assert.True(result.ExitCode == exitCode, result.ToString());
        if (exitCode is 2 or 3)
        {
            Assert.Empty(result.Output);
            Assert.StartsWith("nativemlp: ", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal); // no stack trace
        }
    }

    [Fact]
    public void Train_ThatDiverges_SaysSoInItsResult()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Train(folder, "--data", "moons", "--optimizer", "sgd", "--lr", "1e30").Run();
        Assert.Equal(5, result.ExitCode);
        JsonElement last = JsonDocument.Parse(result.Lines[^1]).RootElement;
        Assert.Equal("diverged", last.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, last.GetProperty("test_loss").ValueKind);
    }

    /// <summary>The learning rate grows from step to step, and the penalty with it, until the weights are no numbers.</summary>
    [Fact]
    public void Train_ThatDivergesWithEarlyStopping_SavesTheBestModel()
    {
        using var folder = new TemporaryFolder();
        string[] settings = ["--data", "moons", "--optimizer", "sgd", "--lr", "1e5", "--warm-up", "1000000", "--l2", "1", "--validation", "0.2", "--early-stopping", "50"];
        CommandResult result = Train(folder, [.. settings, "--epochs", "60"]).Run();
        Assert.True(result.ExitCode == 5, result.ToString());
        JsonElement[] events = [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal("diverged", events[^1].GetProperty("status").GetString());
        string model = events[^1].GetProperty("checkpoint").GetString()!;
        Assert.Contains($"The model is saved in {model}.", result.Error, StringComparison.Ordinal);
        Assert.Contains("--lr 0.1", result.Error, StringComparison.Ordinal);

        double[] losses = [.. events[1..^1].Select(epoch => epoch.GetProperty("val_loss").GetDouble())];
        int best = Array.IndexOf(losses, losses.Min()) + 1;
        Assert.InRange(best, 1, losses.Length - 1); // else the test would show nothing
        using var other = new TemporaryFolder();
        CommandResult until = Train(other, [.. settings, "--epochs", $"{best}"]).Run();
        Assert.Equal(WeightsHash(until), WeightsHash(Command.Runner("evaluate", "--model", model, "--data", "moons", "--json").Run()));

        static string? WeightsHash(CommandResult run) => JsonDocument.Parse(run.Lines[^1]).RootElement.GetProperty("weights_sha256").GetString();
    }

    [Fact]
    public void Train_ThatDivergesInItsFirstEpoch_SavesNoModel()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Train(folder, "--data", "moons", "--optimizer", "sgd", "--lr", "1e30", "--early-stopping", "5").Run();
        Assert.True(result.ExitCode == 5, result.ToString());
        Assert.Contains("No model was saved.", result.Error, StringComparison.Ordinal);
        Assert.Equal(["config.json", "metrics.jsonl", "report.html"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void Train_Interrupted_SavesTheModelAndSaysWhere(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are sent with kill");
        using var folder = new TemporaryFolder();
        bool sent = false;
        CommandResult result = Train(folder, "--data", "moons", "--epochs", "1000000").WithDefaultSignals().Run((_, process) =>
        {
            if (!sent)
            {
                sent = true;
                new Command("kill", "-" + signal, $"{process.Id}").Run();
            }
        });
        Assert.True(result.ExitCode == 130, result.Error);
        JsonElement last = JsonDocument.Parse(result.Lines[^1]).RootElement;
        Assert.Equal("interrupted", last.GetProperty("status").GetString());
        string model = last.GetProperty("checkpoint").GetString()!;
        Assert.Equal(0, Command.Runner("evaluate", "--model", model, "--data", "moons").Run().ExitCode);
    }

    [Fact]
    public void Settings_OfAllLayers_ComeInTheirOrder()
    {
        using var folder = new TemporaryFolder();
        CommandResult environment = Train(folder, "--data", "moons").With("NATIVEMLP__Epochs", "2").Run();
        Assert.Equal(4, environment.Lines.Length);
        CommandResult commandLine = Train(folder, "--data", "moons", "--epochs", "1", "--overwrite").With("NATIVEMLP__Epochs", "2").Run();
        Assert.Equal(3, commandLine.Lines.Length);
        Assert.Equal(2, Train(folder, "--data", "moons", "--overwrite").With("NATIVEMLP__Epochs", "ten").Run().ExitCode);
    }

    [Fact]
    public void Settings_InABrokenFile_AreExitCodeTwo()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory))
            File.Copy(file, folder.File(Path.GetFileName(file)));

        File.WriteAllText(folder.File("appsettings.json"), "{ \"Epochs\": ");
        CommandResult result = new Command("dotnet", folder.File("NativeMlp.Runner.dll"), "train", "--data", "moons").Run();
        Assert.Equal(2, result.ExitCode);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Library_ThatCannotBeUsed_IsExitCodeFour()
    {
        CommandResult result = Command.Runner("train", "--data", "moons").With("NMLP_ISA", "nonsense").Run();
        Assert.Equal(4, result.ExitCode);
        Assert.Contains("nonsense", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Model_ThatIsDamaged_IsExitCodeThree()
    {
        using var folder = new TemporaryFolder();
        string model = Last(Train(folder, "--data", "moons", "--epochs", "1").Run()).GetProperty("checkpoint").GetString()!;
        byte[] content = File.ReadAllBytes(model);
        foreach (byte[] damaged in new[] { content[..(content.Length / 2)], [], [.. content, 0] })
        {
            CommandResult result = Command.Runner("evaluate", "--model", folder.Write("damaged", damaged), "--data", "moons").Run();
            Assert.True(result.ExitCode == 3, result.ToString());
            Assert.Contains("damaged", result.Error, StringComparison.Ordinal);
        }
    }

    private static Command Train(TemporaryFolder folder, params string[] arguments) =>
        Command.Runner(["train", .. arguments, "--out", folder.Path, "--json"]);

    private static JsonElement Last(CommandResult result)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        return JsonDocument.Parse(result.Lines[^1]).RootElement;
    }

    private static IEnumerable<string> Names(JsonElement e) => e.EnumerateObject().Select(property => property.Name);
}
