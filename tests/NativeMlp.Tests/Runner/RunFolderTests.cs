// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Text.Json;
using NativeMlp.Runner.Runs;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>The folder of a run: what is in it, who may write there, and what becomes of what was there before.</summary>
[Trait("Starts", "Processes")]
public sealed class RunFolderTests
{
    [Fact]
    public void Train_WithEightyLayers_SavesAModelThatIsReadAgain()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Train(folder, "--hidden", string.Join(',', Enumerable.Repeat(16, 80)));
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(RunFiles.Finished, Names(folder.Path));
        CommandResult evaluated = Command.Runner("evaluate", "--model", folder.Path, "--data", "xor").Run();
        Assert.True(evaluated.ExitCode == 0, evaluated.ToString());
    }

    [Fact]
    public void Train_WithoutAFolder_MakesOneUnderRuns()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Command.Shell(folder, "run train --data xor --epochs 1 --json; run train --data xor --epochs 1 --json").Run();
        string[] runs = [.. result.Lines.Select(Parse).Where(e => Text(e, "event") == "result").Select(e => Text(e, "run")!)];
        Assert.Equal(2, runs.Distinct().Count());
        Assert.All(runs, run => Assert.Matches(@"^runs/\d{8}-\d{6}-xor(-2)?$", run.Replace('\\', '/')));
        Assert.All(runs, run => Assert.Equal(RunFiles.Finished, Names(folder.File(run))));
    }

    [Theory]
    [InlineData("adult.csv.gz", "adult")]
    [InlineData("../a folder/Ünï-1 $(x).csv", "n-1x")]
    [InlineData("-", "table")]
    [InlineData("--.csv", "table")]
    [InlineData("0123456789abcdefghijklmnopq.csv", "0123456789abcdefghij")]
    public void DefaultFor_OfAnyData_IsShortAndPlain(string data, string name) => Assert.Equal(
        Path.Combine("runs", "20261129-140509-" + name), RunFolder.DefaultFor(data, new DateTime(2026, 11, 29, 14, 5, 9)));

    [Fact]
    public void Train_WhereARunIs_IsRefusedUnlessToldToOverwrite()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(0, Train(folder).ExitCode);
        Dictionary<string, byte[]> before = Contents(folder.Path);
        CommandResult refused = Train(folder, "--seed", "2");
        Assert.True(refused.ExitCode == 2, refused.ToString());
        Assert.Contains("contains the model of an earlier run; choose another --out, or replace it with --overwrite.", refused.Error, StringComparison.Ordinal);
        Assert.Equal(before, Contents(folder.Path));
        File.Delete(folder.File("best.safetensors"));
        refused = Train(folder);
        Assert.True(refused.ExitCode == 2, refused.ToString());
        Assert.Contains($"train --resume {folder.Path})", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, Train(folder, "--overwrite").ExitCode);
        Assert.Equal(before["best.safetensors"], File.ReadAllBytes(folder.File("best.safetensors")));
    }

    [Theory]
    [InlineData("best.safetensors")]
    [InlineData("last.safetensors")]
    [InlineData("metrics.jsonl")]
    [InlineData("config.json")]
    public void Train_WhereAFolderHasAName_IsRefusedBeforeTheFirstStep(string name)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File(name));
        CommandResult result = Train(folder, "--overwrite");
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Empty(result.Output);
        Assert.Contains(folder.File(name), result.Error, StringComparison.Ordinal);
        Assert.Equal([name], Names(folder.Path));
    }

    [Fact]
    public void Train_WhileAnotherRunWrites_SaysWhoAndTakesOverWhatAKilledOneLeft()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "kill is not there");
        using var folder = new TemporaryFolder();
        CommandResult? second = null;
        int first = 0;
        CommandResult killed = Command.Runner("train", "--data", "moons", "--epochs", "1000000", "--json", "--out", folder.Path).Run((line, process) =>
        {
            if (second is not null)
                return;
            first = process.Id;
            second = Train(folder, "--overwrite");
            process.Kill();
        });
        Assert.NotEqual(0, killed.ExitCode);
        Assert.True(second!.ExitCode == 2, second.ToString());
        Assert.Contains($"Another run (process {first} on {Environment.MachineName}, since 2", second.Error, StringComparison.Ordinal);
        Assert.Contains($") is writing to {folder.Path}; its lock is {folder.File(".lock")}. Wait for it to end, or choose another --out.", second.Error, StringComparison.Ordinal);
        Assert.Contains(".lock", Names(folder.Path));
        CommandResult third = Train(folder, "--overwrite");
        Assert.True(third.ExitCode == 0, third.ToString());
        Assert.Equal(RunFiles.Finished, Names(folder.Path));
    }

    [Fact]
    public void Train_ManyIntoOneFolder_OnlyOneWrites()
    {
        using var folder = new TemporaryFolder();
        CommandResult[] results = [.. Enumerable.Range(0, 4).AsParallel().WithDegreeOfParallelism(4).Select(_ => Train(folder, "--epochs", "300"))];
        Assert.Single(results, result => result.ExitCode == 0);
        Assert.All(results, result => Assert.True(result.ExitCode is 0 or 2, result.ToString()));
        Assert.Equal(RunFiles.Finished, Names(folder.Path));
    }

    /// <summary>What others have put where this program writes is neither followed nor cut off.</summary>
    [Fact]
    public void Train_WherePreparedLinksLie_TouchesNoOtherFile()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need rights there");
        using var folder = new TemporaryFolder();
        string victim = folder.Write("victim", [1, 2, 3]);
        Directory.CreateDirectory(folder.File("out"));
        foreach (string name in (string[])[.. RunFiles.Finished, ".lock-holder"])
            File.CreateSymbolicLink(folder.File("out/" + name), victim);
        CommandResult result = Command.Runner("train", "--data", "xor", "--epochs", "1", "--out", folder.File("out"), "--overwrite").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal([1, 2, 3], File.ReadAllBytes(victim));
        Assert.All(RunFiles.Finished, name => Assert.Null(new FileInfo(folder.File("out/" + name)).LinkTarget));
        File.CreateSymbolicLink(folder.File("out/.lock"), folder.File("nowhere"));
        Assert.Equal(2, Command.Runner("train", "--data", "xor", "--epochs", "1", "--out", folder.File("out"), "--overwrite").Run().ExitCode);
        Assert.False(File.Exists(folder.File("nowhere")));
    }

    [Fact]
    public void Metrics_OfARun_AreItsEpochsStepsAndResult()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Command.Runner("train", "--data", "moons", "--epochs", "2", "--batch", "300", "--validation", "0.2", "--log-every", "2", "--json", "--out", folder.Path).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement[] printed = [.. result.Lines.Select(Parse)], lines = [.. File.ReadLines(folder.File("metrics.jsonl")).Select(Parse)];
        // 800 rows in batches of 300 are three steps an epoch.
        Assert.Equal(["step 2", "epoch 3", "step 4", "step 6", "epoch 6", "result "], lines.Select(line => $"{Text(line, "event")} {(line.TryGetProperty("step", out JsonElement step) ? step : "")}"));
        foreach ((JsonElement line, JsonElement epoch) in lines.Where(line => Text(line, "event") == "epoch").Zip(printed.Skip(1)))
        {
            Assert.Equal(["event", "epoch", "step", "loss", "accuracy", "learning_rate", "validation_loss", "validation_accuracy", "seconds", "rows_per_second"], line.EnumerateObject().Select(property => property.Name));
            foreach ((string ours, string theirs) in new[] { ("loss", "train_loss"), ("accuracy", "train_accuracy"), ("learning_rate", "lr"), ("validation_loss", "val_loss"), ("validation_accuracy", "val_accuracy") })
                Assert.Equal(epoch.GetProperty(theirs).GetDouble(), line.GetProperty(ours).GetDouble());
        }

        Assert.Equal(result.Lines[^1], File.ReadLines(folder.File("metrics.jsonl")).Last());
        Assert.Equal(folder.Path, Text(printed[^1], "run"));
    }

    [Theory]
    [InlineData("--data moons --epochs 3 --hidden none --draw replacement")]
    [InlineData("--data spirals --epochs 4 --hidden 17,9 --activation elu --alpha 0.5 --norm batch --dropout 0.2 --optimizer rmsprop --momentum 0.5 --l2 1e-5 --schedule plateau --lr-step 1 --validation 0.1 --early-stopping 2 --seed 18446744073709551615")]
    [InlineData("--data moons --epochs 3 --activation maxout --pieces 3 --init normal --init-std 0.03 --loss hinge --delta 0.7 --optimizer adamw --weight-decay 0.1 --beta1 0.8 --lr-decay 0.9 --warm-up 7 --clip-norm 1")]
    [InlineData("--data moons --epochs 9 --steps 30 --label-smoothing 0.1 --optimizer nesterov --schedule step --lr-step 2 --max-norm 3 --batch 70")]
    [InlineData("--data moons --epochs 3 --schedule one-cycle")]
    public void Train_OfItsSettings_GivesTheSameBytes(string options)
    {
        using var folder = new TemporaryFolder();
        Run(["train", .. options.Split(' '), "--threads", "1", "--out", folder.File("first")]);
        // What the environment says does not count: the file has all settings.
        CommandResult again = Command.Runner("train", "--config", folder.File("first/config.json"), "--out", folder.File("second"))
            .With("NATIVEMLP__Dropout", "0.3").With("NATIVEMLP__ClipValue", "0.001").With("NATIVEMLP__Epochs", "1").Run();
        Assert.True(again.ExitCode == 0, again.ToString());
        Assert.Empty(again.Error);
        foreach (string name in RunFiles.WithoutTimes(folder.File("first")))
            Assert.Equal(File.ReadAllBytes(folder.File("first/" + name)), File.ReadAllBytes(folder.File("second/" + name)));
    }

    [Theory]
    [InlineData("iris", "--label label --epochs 2")]
    [InlineData("iris", "--label label --epochs 2 --folds 2 --class-weights balanced")]
    [InlineData("wine", "--label label --numeric label --test 0 --ensemble 2 --hidden 8 --missing none --epochs 3")]
    public void Train_OfATableAndItsSettings_GivesTheSameBytes(string table, string options)
    {
        using var folder = new TemporaryFolder();
        // A name with a comma in it is one name in a list, too.
        string csv = folder.Write("t.csv", [.. "\"the first, it says\""u8, .. File.ReadAllBytes(TestFiles.PathOf("tabular", table + ".csv")).SkipWhile(letter => letter != ',')]);
        CommandResult first = Run(["train", csv, .. options.Split(' '), "--json", "--out", folder.File("first")]);
        CommandResult again = Run("train", "--config", folder.File("first/config.json"), "--json", "--out", folder.File("second"));
        foreach (string name in RunFiles.WithoutTimes(folder.File("first")))
            Assert.Equal(File.ReadAllBytes(folder.File("first/" + name)), File.ReadAllBytes(folder.File("second/" + name)));
        Assert.Equal(first.Lines[^1].Replace("first", "second", StringComparison.Ordinal), again.Lines[^1]);
    }

    [Fact]
    public void Train_OfSettingsBesideAnOption_TakesTheOption()
    {
        using var folder = new TemporaryFolder();
        Run("train", "--data", "moons", "--epochs", "1", "--out", folder.File("first"));
        CommandResult longer = Run("train", "--config", folder.File("first/config.json"), "--epochs", "3", "--json", "--out", folder.File("second"));
        Assert.Equal(5, longer.Lines.Length);
    }

    [Theory]
    [InlineData("{ \"Version\": 2, \"NativeMlp\": { \"Data\": \"moons\" } }", "has version 2, but this program reads versions up to 1")]
    [InlineData("{ \"NativeMlp\": ", "line 1, byte 16 is not valid JSON")]
    [InlineData("{ \"Version\": 1, \"NativeMlp\": { \"Date\": \"moons\", \"Epohcs\": 1 } }", "There is no setting 'Epohcs'")]
    [InlineData("{ \"Version\": 1, \"NativeMlp\": { \"Data\": \"moons\", \"Epochs\": 0 } }", "Epochs in ")]
    public void Config_ThatCannotBeUsed_IsOneSentence(string json, string words)
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Command.Runner("train", "--config", folder.Write("config.json", System.Text.Encoding.UTF8.GetBytes(json)), "--out", folder.File("out")).Run();
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, Command.Runner("train", "--config", folder.File("none.json")).Run().ExitCode);
        Assert.Equal(2, Command.Runner("train", "--resume", folder.File("none")).Run().ExitCode);
    }

    private static string[] Names(string folder) => [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static Dictionary<string, byte[]> Contents(string folder) => Directory.EnumerateFiles(folder).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);

    private static JsonElement Parse(string line) => JsonDocument.Parse(line).RootElement;

    private static string? Text(JsonElement e, string name) => e.GetProperty(name).GetString();

    private static CommandResult Train(TemporaryFolder folder, params string[] arguments) =>
        Command.Runner(["train", "--data", "xor", .. arguments.Contains("--epochs") ? (string[])[] : ["--epochs", "1"], .. arguments, "--out", folder.Path, "--json"]).Run();

    private static CommandResult Run(params string[] arguments)
    {
        CommandResult result = Command.Runner(arguments).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        return result;
    }
}
