// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using NativeMlp.Tables;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>What evaluate, predict and explain do with models of tables, as whole programs.</summary>
[Trait("Starts", "Processes")]
public sealed class TableCommandTests(TableModelFixture models) : IClassFixture<TableModelFixture>
{
    [Fact]
    public void Predict_OfAFile_IsWhatTheLibraryAnswers()
    {
        using TableModel model = TableModel.Load(models.Classes);
        TablePredictions expected = model.Predict(TableModelFixture.Table);
        CommandResult result = Command.Runner("predict", models.Classes, models.Csv, "--keep", "id,age").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal("id,age,prediction,<=50K,>50K", result.Lines[0]);
        Assert.Equal(TableModelFixture.Rows + 1, result.Lines.Length);
        for (int row = 0; row < TableModelFixture.Rows; row++)
        {
            string[] cells = result.Lines[row + 1].Split(',');
            Assert.Equal(($"n{row}", model.Labels.Names[expected.ClassOf(row)]), (cells[0], cells[2]));
            Assert.Equal(expected[row].ToArray(), cells[3..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)));
        }

        Assert.Contains("The model replaced missing values by its rule; rows of each column: 'job' 22.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_OfTheRunFolderAndStandardInputInAnotherOrder_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        CommandResult whole = Command.Runner("predict", models.Classes, models.Csv).Run();
        CommandResult piped = Command.Shell(folder, $"awk -F, -v OFS=, '{{ print $3, $5, $2 }}' '{models.Csv}' | run predict '{Path.GetDirectoryName(models.Classes)}' -").Run();
        Assert.True(piped.ExitCode == 0, piped.ToString());
        Assert.Equal(whole.Output, piped.Output);
    }

    [Fact]
    public void Predict_AsJsonLines_NamesLineInputAndProbabilities()
    {
        CommandResult result = Command.Runner("predict", "--model", models.Classes, "--data", models.Csv, "--format", "jsonl", "--keep", "id,age,job").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        using JsonDocument first = JsonDocument.Parse(result.Lines[0]);
        Assert.Equal(2, first.RootElement.GetProperty("line").GetInt32());
        JsonElement input = first.RootElement.GetProperty("input");
        Assert.Equal(("n0", 18.0, JsonValueKind.Null), (input.GetProperty("id").GetString(), input.GetProperty("age").GetDouble(), input.GetProperty("job").ValueKind));
        Assert.Equal("<=50K", first.RootElement.GetProperty("prediction").GetString());
        JsonElement probabilities = first.RootElement.GetProperty("probabilities");
        Assert.Equal(1, probabilities.GetProperty("<=50K").GetDouble() + probabilities.GetProperty(">50K").GetDouble(), 1e-6);
        Assert.Equal(result.Output, Command.Runner("predict", models.Classes, models.Csv, "--json", "--keep", "id,age,job").Run().Output);
    }

    [Fact]
    public void Predict_OfANumber_IsInItsUnits()
    {
        CommandResult csv = Command.Runner("predict", models.Pay, models.Csv).Run();
        CommandResult json = Command.Runner("predict", models.Pay, models.Csv, "--json").Run();
        Assert.Equal("prediction", csv.Lines[0]);
        using TableModel model = TableModel.Load(models.Pay);
        double[] expected = model.Predict(TableModelFixture.Table).Values.ToArray();
        Assert.Equal(expected, csv.Lines[1..].Select(line => double.Parse(line, CultureInfo.InvariantCulture)));
        Assert.Equal(expected, json.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("prediction").GetDouble()));
    }

    [Fact]
    public void Predict_OfARowThatCannotBeRead_StopsThereOrLeavesItOut()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("new.csv"), "age,job\n20,baker\n30,smith\nold,smith\n40,miller,7\n50,baker\n");
        CommandResult stopped = Command.Runner("predict", models.Classes, folder.File("new.csv")).Run();
        Assert.True(stopped.ExitCode == 3, stopped.ToString());
        Assert.Equal(3, stopped.Lines.Length);
        Assert.Contains("line 4, column 1: this is not a number: 'old'", stopped.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("line 5", stopped.Error, StringComparison.Ordinal);

        CommandResult skipped = Command.Runner("predict", models.Classes, folder.File("new.csv"), "--on-error", "skip").Run();
        Assert.True(skipped.ExitCode == 0, skipped.ToString());
        Assert.Equal(4, skipped.Lines.Length);
        Assert.Contains("line 4, column 1", skipped.Error, StringComparison.Ordinal);
        Assert.Contains("line 5, column 3", skipped.Error, StringComparison.Ordinal);
        Assert.Contains("2 rows of", skipped.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_OfUnknownCategories_CountsThem()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("new.csv"), "age,job\n20,pilot\n,baker\n30,pilot\n");
        CommandResult result = Command.Runner("predict", models.Classes, folder.File("new.csv")).Run();
        Assert.Equal(4, result.Lines.Length);
        Assert.Contains("rule; rows of each column: 'age' 1.", result.Error, StringComparison.Ordinal);
        Assert.Contains("The model replaced unknown values by its rule; rows of each column: 'job' 2.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_IntoAFile_WritesItWholeAndOverwritesNothing()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("answers.csv");
        CommandResult first = Command.Runner("predict", models.Classes, models.Csv, "--out", path).Run();
        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.Empty(first.Output);
        Assert.Equal(Command.Runner("predict", models.Classes, models.Csv).Run().Output, File.ReadAllText(path));
        File.WriteAllText(path, "mine");
        CommandResult second = Command.Runner("predict", models.Classes, models.Csv, "--out", path).Run();
        Assert.Equal(2, second.ExitCode);
        Assert.Contains("already exists", second.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(path));

        File.WriteAllText(folder.File("bad.csv"), "age,job\n20,baker\nold,baker\n");
        CommandResult third = Command.Runner("predict", models.Classes, folder.File("bad.csv"), "--out", folder.File("none.csv")).Run();
        Assert.Equal(3, third.ExitCode);
        Assert.Equal(["answers.csv", "bad.csv"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Predict_OfTextThatNeedsQuotes_WritesItQuoted()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("new.csv"), "age,job,note\n20,baker,\"a \"\"b\"\", c\"\n20,baker,\"two\nlines\"\n20,baker,\n");
        CommandResult result = Command.Runner("predict", models.Classes, folder.File("new.csv"), "--keep", "note").Run();
        Assert.StartsWith("note,prediction,<=50K,>50K\n\"a \"\"b\"\", c\",<=50K,", result.Output, StringComparison.Ordinal);
        Assert.Contains("\n\"two\nlines\",<=50K,", result.Output, StringComparison.Ordinal);
        Assert.Contains("\n,<=50K,", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_OfAFile_SaysAllMetricsAndThoseOfEachGroup()
    {
        CommandResult result = Command.Runner("evaluate", models.Classes, models.Csv, "--by", "job", "--json").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        using TableModel model = TableModel.Load(models.Classes);
        TableEvaluation expected = TableEvaluation.Measure(model.Predict(TableModelFixture.Table), TableModelFixture.Table);
        JsonElement[] lines = [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["metrics", "metrics", "metrics", "metrics", "metrics", "result"], lines.Select(line => line.GetProperty("event").GetString()));
        JsonElement all = lines[0].GetProperty("classification");
        Assert.Equal(expected.Classification!.Accuracy, all.GetProperty("accuracy").GetDouble());
        Assert.Equal(expected.Classification.LogLoss, all.GetProperty("log_loss").GetDouble());
        Assert.Equal(expected.Classification.RocAuc, all.GetProperty("roc_auc").GetDouble());
        Assert.Equal("<=50K", all.GetProperty("classes")[0].GetProperty("name").GetString());
        Assert.Equal(["baker", "miller", "smith", null], lines[1..5].Select(line => line.GetProperty("group").GetString()).Order(Comparer<string?>.Create((l, r) => l is null ? r is null ? 0 : 1 : r is null ? -1 : string.CompareOrdinal(l, r))));
        Assert.Equal(TableModelFixture.Rows, lines[1..5].Sum(line => line.GetProperty("rows").GetInt32()));
        Assert.Equal(expected.Classification.Accuracy, lines[5].GetProperty("test_accuracy").GetDouble());
        Assert.Equal(expected.Classification.LogLoss, lines[5].GetProperty("test_log_loss").GetDouble());
        Assert.Equal(JsonValueKind.Null, lines[5].GetProperty("test_r2").ValueKind);

        CommandResult shown = Command.Runner("evaluate", models.Classes, models.Csv, "--by", "job").Run();
        foreach (string word in new[] { "accuracy ", "balanced ", "macro ", "ROC-AUC ", "PR-AUC ", "log-loss ", "Brier ", "calibration ", "Matthews ", "<=50K ", "(missing)", "baker" })
            Assert.Contains(word, shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_OfANumber_SaysItsErrors()
    {
        CommandResult result = Command.Runner("evaluate", models.Pay, models.Csv, "--json").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        using JsonDocument last = JsonDocument.Parse(result.Lines[^1]);
        Assert.InRange(last.RootElement.GetProperty("test_r2").GetDouble(), 0.9, 1);
        Assert.InRange(last.RootElement.GetProperty("test_rmse").GetDouble(), 0, 600);
        Assert.Equal(JsonValueKind.Null, last.RootElement.GetProperty("test_accuracy").ValueKind);
        CommandResult shown = Command.Runner("evaluate", models.Pay, models.Csv).Run();
        foreach (string word in new[] { "R² ", "MAE ", "RMSE ", "median ", "quantiles ", "95 %: " })
            Assert.Contains(word, shown.Output, StringComparison.Ordinal);
    }

    /// <summary>A prediction that is not a number is no answer, and its error is no metric.</summary>
    [Theory]
    [InlineData("evaluate")]
    [InlineData("predict")]
    public void Command_OfAModelWhoseScoresOverflow_EndsWith5(string command)
    {
        using var folder = new TemporaryFolder();
        using (TableModel model = TableModel.Load(models.Pay))
        {
            Mlp network = model.Networks[0];
            for (int layer = 0; layer < network.Layers.Count; layer++)
                network.WriteWeights(layer, Enumerable.Repeat(3e38f, network.Layers[layer].Inputs * network.Layers[layer].Width).ToArray());
            model.Save(folder.File("broken"));
        }

        CommandResult result = Command.Runner(command, folder.File("broken"), models.Csv).Run();
        Assert.True(result.ExitCode == 5, result.ToString());
        Assert.Contains(" has no prediction, because a score is not finite", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_OfAFile_ShowsTheColumnThatMattersFirst()
    {
        CommandResult result = Command.Runner("explain", models.Classes, models.Csv, "--repeats", "3", "--json").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement[] lines = [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["age", "job"], lines[..2].Select(line => line.GetProperty("column").GetString()));
        Assert.Equal(3, lines[0].GetProperty("repeats").GetArrayLength());
        Assert.InRange(lines[0].GetProperty("importance").GetDouble(), lines[0].GetProperty("low").GetDouble(), lines[0].GetProperty("high").GetDouble());
        Assert.True(lines[0].GetProperty("low").GetDouble() > lines[1].GetProperty("high").GetDouble());
        Assert.Equal(result.Output, Command.Runner("explain", models.Classes, models.Csv, "--repeats", "3", "--json", "--threads", "1").Run().Output);

        CommandResult shown = Command.Runner("explain", models.Classes, models.Csv, "--repeats", "3").Run();
        Assert.Matches("age +█{36} +[0-9.]+ ± ", shown.Output);
        Assert.Contains("log-loss ", shown.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accuracy", "accuracy ", "takes from it")]
    [InlineData("brier", "Brier score ", "adds to it")]
    public void Explain_ByAMetric_MeasuresTheColumnsByIt(string metric, string name, string effect)
    {
        CommandResult json = Command.Runner("explain", models.Classes, models.Csv, "--repeats", "2", "--json", "--metric", metric).Run();
        Assert.True(json.ExitCode == 0, json.ToString());
        JsonElement first = JsonDocument.Parse(json.Lines[0]).RootElement;
        Assert.Equal(("age", metric), (first.GetProperty("column").GetString(), first.GetProperty("metric").GetString()));
        Assert.InRange(first.GetProperty("importance").GetDouble(), 0.1, 1); // without its age, a row is put into its class by chance
        CommandResult shown = Command.Runner("explain", models.Classes, models.Csv, "--repeats", "2", "--metric", metric).Run();
        Assert.Contains(name, shown.Output, StringComparison.Ordinal);
        Assert.Contains(effect, shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_ByAMetricOfOtherTasks_IsRefused()
    {
        CommandResult numbers = Command.Runner("explain", models.Pay, models.Csv, "--metric", "accuracy").Run();
        Assert.Equal(2, numbers.ExitCode);
        Assert.Contains("--metric accuracy cannot measure a model that predicts numbers; choose r2, rmse or mae.", numbers.Error, StringComparison.Ordinal);
        CommandResult classes = Command.Runner("explain", models.Classes, models.Csv, "--metric", "mae").Run();
        Assert.Contains("choose log-loss, accuracy, balanced-accuracy, f1, roc-auc or brier.", classes.Error, StringComparison.Ordinal);
    }

    /// <summary>Examples are what people copy: each is run, with a model and a file that are there.</summary>
    [Theory]
    [InlineData("evaluate")]
    [InlineData("predict")]
    [InlineData("explain")]
    public void Examples_OfTheHelp_AreUnderstood(string command)
    {
        using var folder = new TemporaryFolder();
        Assert.SkipWhen(OperatingSystem.IsWindows(), "bash reads them");
        Directory.CreateDirectory(folder.File("runs/adult"));
        File.Copy(models.Classes, folder.File("runs/adult/best.safetensors"));
        string[] lines = Command.Runner("help", command).Run().Output.Replace("\n    ", " ", StringComparison.Ordinal).Split('\n');
        string[] examples = [.. lines.Where(line => line.StartsWith("  nativemlp ", StringComparison.Ordinal) && line.Contains("runs/", StringComparison.Ordinal))];
        Assert.NotEmpty(examples);
        foreach (string example in examples)
        {
            string script = example.Replace("nativemlp", "run", StringComparison.Ordinal).Replace("--by sex", "--by job", StringComparison.Ordinal);
            CommandResult result = Command.Shell(folder, Regex.Replace(script, "[a-z_]+(?<!answers)\\.csv(\\.gz)?", models.Csv)).Run();
            Assert.True(result.ExitCode == 0, $"{example}: {result}");
        }
    }

    [Theory]
    [InlineData("evaluate {classes} none.csv", 3, "none.csv does not exist")]
    [InlineData("evaluate {classes}", 2, "Name the file with the rows to predict")]
    [InlineData("evaluate {classes} {csv} --by town", 3, "there is no column 'town'")]
    [InlineData("predict {classes} {csv} --keep town", 3, "there is no column 'town'")]
    [InlineData("predict {classes} {csv} --keep label,label", 2, "Two columns of the output would have the name 'label'")]
    [InlineData("predict {classes} {csv} --json --format csv", 2, "contradict each other")]
    [InlineData("predict {classes} {csv} more", 2, "predict")]
    [InlineData("explain {moons} moons", 2, "was not trained on a table")]
    [InlineData("evaluate {moons} moons --by x", 2, "--by has no effect here")]
    [InlineData("evaluate {moons} {csv}", 2, "but it must be one of xor")]
    [InlineData("evaluate {classes} {csv} --data-dir .", 2, "--data-dir has no effect here")]
    [InlineData("evaluate {folder} {csv}", 3, "There is no best.safetensors in the folder")]
    [InlineData("evaluate {csv} {csv}", 3, "people.csv")]
    [InlineData("explain {classes} {nolabel}", 3, "there is no column 'label'")]
    [InlineData("evaluate {classes} {otherlabel}", 3, "the model knows none of the classes in 'label'; it knows '<=50K', '>50K'")]
    public void Command_ThatCannotBeDone_SaysWhy(string line, int exitCode, string sentence)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("nolabel.csv"), "age,job\n20,baker\n");
        File.WriteAllText(folder.File("otherlabel.csv"), "age,job,label\n20,baker,rich\n30,baker,poor\n");
        string moons = Directory.GetFiles(TestFiles.PathOf("models-v1"), "*.safetensors").Order(StringComparer.Ordinal).First();
        string[] words = line.Replace("{classes}", models.Classes, StringComparison.Ordinal).Replace("{csv}", models.Csv, StringComparison.Ordinal)
            .Replace("{moons}", moons, StringComparison.Ordinal).Replace("{folder}", folder.Path, StringComparison.Ordinal)
            .Replace("{nolabel}", folder.File("nolabel.csv"), StringComparison.Ordinal).Replace("{otherlabel}", folder.File("otherlabel.csv"), StringComparison.Ordinal).Split(' ');
        CommandResult result = Command.Runner(words).Run();
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Empty(result.Output);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
