// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using NativeMlp.Tables;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>What inspect and train do with the file of a table, as whole programs.</summary>
[Trait("Starts", "Processes")]
public sealed class TrainTableTests
{
    private static readonly string s_iris = TestFiles.PathOf("tabular", "iris.csv");
    private static readonly string[] s_short = ["--epochs", "3", "--ensemble", "1"];

    [Fact]
    public void Train_OnATable_SavesAModelThatEvaluatesTheSame()
    {
        using var folder = new TemporaryFolder();
        CommandResult train = Train(s_iris, "--label", "label", "--test", s_iris, "--out", folder.File("run"), "--json");
        JsonElement result = Result(train, 0);
        string model = Path.Combine(folder.File("run"), "best.safetensors");
        Assert.Equal((model, model), (result.GetProperty("model").GetString(), result.GetProperty("checkpoint").GetString()));
        JsonElement again = Result(Command.Runner("evaluate", folder.File("run"), s_iris, "--json").Run(), 0);
        foreach (string figure in (string[])["test_loss", "test_accuracy", "test_auc", "test_log_loss"])
            Assert.Equal(result.GetProperty(figure).GetDouble(), again.GetProperty(figure).GetDouble());

        Assert.All((string[])["test_r2", "test_rmse", "test_mae"], figure => Assert.Equal(JsonValueKind.Null, result.GetProperty(figure).ValueKind));
        Assert.Equal(RunFiles.Finished, Directory.EnumerateFiles(folder.File("run")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Train_Twice_GivesTheSameBytesAndDoesNotOverwrite()
    {
        using var folder = new TemporaryFolder();
        string run = folder.File("run"), model = Path.Combine(run, "best.safetensors");
        string[] arguments = [s_iris, "--label", "label", "--out", run];
        Result(Train([.. arguments, "--threads", "1", "--json"]), 0);
        byte[] first = File.ReadAllBytes(model);
        CommandResult refused = Train(arguments);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("contains the model of an earlier run; choose another --out, or replace it with --overwrite.", refused.Error, StringComparison.Ordinal);
        Result(Train([.. arguments, "--threads", "2", "--overwrite", "--json"]), 0);
        Assert.Equal(first, File.ReadAllBytes(model));
    }

    [Fact]
    public void Train_OfARegression_MeasuresInUnitsAndByFolds()
    {
        using var folder = new TemporaryFolder();
        CommandResult train = Train(TestFiles.PathOf("tabular", "diabetes.csv"), "--label", "target", "--folds", "3", "--out", folder.File("run"), "--json");
        JsonElement result = Result(train, 0);
        double[] folds = [.. Events(train, "fold").Select(fold => fold.GetProperty("test_r2").GetDouble())];
        Assert.Equal(3, folds.Length);
        Assert.Equal(folds.Average(), result.GetProperty("test_r2").GetDouble(), 1e-12);
        JsonElement all = Assert.Single(Events(train, "folds"));
        double deviation = Math.Sqrt(folds.Sum(fold => Math.Pow(fold - folds.Average(), 2)) / 2);
        Assert.Equal(deviation, all.GetProperty("r2_deviation").GetDouble(), 1e-12);
        Assert.Equal(JsonValueKind.Null, result.GetProperty("test_accuracy").ValueKind);
        Assert.True(result.GetProperty("test_rmse").GetDouble() > result.GetProperty("test_mae").GetDouble());
    }

    [Fact]
    public void Train_OfTinyTargets_ShowsItsErrorsInSignificantDigits()
    {
        using var folder = new TemporaryFolder();
        string run = folder.File("run");
        int[] targets = [.. Enumerable.Range(0, 200).Select(row => 100 + (10 * (row % 17)) + (row % 5))]; // the axes of the report do not begin at 0
        string csv = folder.Write("t.csv", Encoding.UTF8.GetBytes("x,label\n" + string.Concat(targets.Select((target, row) => $"{row % 17},{target}e-14\n"))));
        CommandResult train = Train(csv, "--label", "label", "--test", csv, "--out", run);
        Assert.True(train is { ExitCode: 0, Error: "" }, train.ToString()); // no warning that the report could not be written
        Assert.True(new FileInfo(Path.Combine(run, "report.html")).Length > 0);
        JsonElement result = JsonDocument.Parse(File.ReadLines(Path.Combine(run, "metrics.jsonl")).Last()).RootElement;
        IEnumerable<string> answers = Command.Runner("predict", run, csv).Run().Lines.Skip(1);
        double[] errors = [.. answers.Select((answer, row) => double.Parse(answer, CultureInfo.InvariantCulture) - (targets[row] * 1e-14))];
        Assert.Equal(targets.Length, errors.Length);
        Check("RMSE", "test_rmse", Math.Sqrt(errors.Average(error => error * error)));
        Check("MAE", "test_mae", errors.Average(Math.Abs));

        void Check(string name, string figure, double expected)
        {
            double recorded = result.GetProperty(figure).GetDouble();
            Assert.Equal(1, recorded / expected, 1e-9);
            double shown = double.Parse(Regex.Match(train.Output, $@"\b{name} ([^\s,]+)").Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.Equal(1, shown / recorded, 5e-6); // six significant digits
        }
    }

    [Fact]
    public void Train_WithOverrides_WritesThemIntoModelAndSettings()
    {
        using var folder = new TemporaryFolder();
        string csv = folder.Write("houses.csv", Encoding.UTF8.GetBytes("zip;rooms;id;price\n" + string.Concat(Enumerable.Range(0, 120).Select(row => $"0{row % 3};{row % 5};{row};{100 + (row % 5)},5\n"))));
        CommandResult train = Train(csv, "--label", "price", "--categorical", "zip,rooms", "--ignore", "id", "--missing", "4", "--out", folder.File("run"), "--json");
        Result(train, 0);
        using TableModel model = TableModel.Load(Path.Combine(folder.File("run"), "best.safetensors"));
        Assert.Equal([new("rooms", ColumnType.Category), new FeatureColumn("zip", ColumnType.Category)], model.Schema.Features.OrderBy(feature => feature.Name));
        Assert.Equal(TableTask.Regression, model.Schema.Task);
        Assert.Contains("4", model.Schema.MissingMarks);
        using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.File("run"), "config.json")));
        JsonElement settings = config.RootElement.GetProperty("NativeMlp");
        Assert.Equal((";", ",", 3), (settings.GetProperty("Delimiter").GetString(), settings.GetProperty("Decimal").GetString(), settings.GetProperty("Epochs").GetInt32()));
        Assert.Equal("zip rooms", string.Join(' ', settings.GetProperty("Categorical").EnumerateArray()));
    }

    [Fact]
    public void Train_WithNamesThatHaveCommas_TakesListsAndRepeats()
    {
        using var folder = new TemporaryFolder();
        string csv = folder.Write("t.csv", Encoding.UTF8.GetBytes("\"street, number\",a,b,c,day,label\n"
            + string.Concat(Enumerable.Range(0, 60).Select(row => $"{row % 7},{row % 5}.5,{row % 4}.5,{row % 3}.5,{1 + (row % 12)}/{1 + (row % 28)}/2024,{row % 2}\n"))));
        CommandResult train = Train(csv, "--label", "label", "--ignore", "\"street, number\",a", "--ignore", "b", "--out", folder.File("run"), "--json");
        Result(train, 0);
        using TableModel model = TableModel.Load(Path.Combine(folder.File("run"), "best.safetensors"));
        Assert.Equal(["c", "day"], model.Schema.Features.Select(feature => feature.Name));
        Assert.Equal(DateOrder.MonthFirst, model.Schema.DateOrder);
        using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.File("run"), "config.json")));
        JsonElement settings = config.RootElement.GetProperty("NativeMlp");
        Assert.Equal("street, number|a|b", string.Join('|', settings.GetProperty("Ignore").EnumerateArray()));
        Assert.Equal((JsonValueKind.True, "month-first"), (settings.GetProperty("Header").ValueKind, settings.GetProperty("DateOrder").GetString()));
    }

    /// <summary>A model predicts rows as they stand in a file: what was said of their numbers need not be said again.</summary>
    [Fact]
    public void Predict_OfNumbersWithSigns_NeedsNoOption()
    {
        using var folder = new TemporaryFolder();
        string csv = folder.Write("t.csv", Encoding.UTF8.GetBytes("rate;pay;label\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"{row % 7} %;{1 + (row % 5)}'000;{row % 2}\n"))));
        Result(Train(csv, "--label", "label", "--units", "--thousands", "'", "--out", folder.File("run"), "--json"), 0);
        using TableModel model = TableModel.Load(Path.Combine(folder.File("run"), "best.safetensors"));
        Assert.Equal([ColumnType.Number, ColumnType.Number], model.Schema.Features.Select(feature => feature.Type));
        double[] written = new double[2], plain = new double[2];
        model.Predict(new Dictionary<string, object?> { ["rate"] = "3 %", ["pay"] = "2'000" }, written);
        model.Predict(new Dictionary<string, object?> { ["rate"] = 3, ["pay"] = 2000 }, plain);
        Assert.Equal(plain, written); // a row of texts is understood as a row of the file
        CommandResult predict = Command.Runner("predict", folder.File("run"), csv).Run();
        Assert.True(predict.ExitCode == 0, predict.ToString());
        Assert.Equal(61, predict.Lines.Length);
    }

    /// <summary>1.200 is twelve hundred to a model whose table had decimal commas, in a file that does not show it, too.</summary>
    [Fact]
    public void Predict_OfAFileWithoutDecimals_ReadsNumbersAsTheTrainingRows()
    {
        using var folder = new TemporaryFolder();
        string csv = folder.Write("t.csv", Encoding.UTF8.GetBytes("pay;part;label\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"{1 + (row % 9)}.200;{row % 5},5;{row % 2}\n"))));
        Result(Train(csv, "--label", "label", "--thousands", ".", "--decimal", ",", "--out", folder.File("run"), "--json"), 0);
        string points = folder.Write("points.csv", "pay,part\n1.200,3\n"u8.ToArray()), plain = folder.Write("plain.csv", "pay,part\n1200,3\n"u8.ToArray());
        CommandResult predict = Command.Runner("predict", folder.File("run"), points).Run();
        Assert.True(predict.ExitCode == 0, predict.ToString());
        Assert.Equal(Command.Runner("predict", folder.File("run"), plain).Run().Output, predict.Output);
    }

    [Fact]
    public void Train_OfStandardInput_IsTheSameAsOfTheFile()
    {
        using var folder = new TemporaryFolder();
        CommandResult piped = Command.Shell(folder, $"gzip -c '{s_iris}' | run train - --label label --epochs 3 --ensemble 1 --out piped --json").Run();
        CommandResult read = Train(s_iris, "--label", "label", "--out", folder.File("read"), "--json");
        Assert.Equal(Result(read, 0).GetProperty("weights_sha256").GetString(), Result(piped, 0).GetProperty("weights_sha256").GetString());
    }

    [Fact]
    public void Inspect_OfATable_ShowsEveryColumn()
    {
        using var folder = new TemporaryFolder();
        string csv = folder.Write("t.csv", Encoding.UTF8.GetBytes("\"n\u001b[31m\",c,label\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"{row % 7}.5,{row % 2},{(row % 2 == 0 ? "no" : "yes")}\n"))));
        CommandResult text = Command.Runner("inspect", csv, "--label", "label").Run();
        Assert.True(text.ExitCode == 0, text.ToString());
        Assert.Contains("two classes, because 'label' has 2 different values: texts are classes", text.Output, StringComparison.Ordinal);
        Assert.Contains(@"n\u001B[31m", text.Output, StringComparison.Ordinal);
        Assert.Contains("Check 'c': each of its values belongs to one class", text.Output, StringComparison.Ordinal);
        CommandResult json = Command.Runner("inspect", csv, "--json").Run();
        JsonElement columns = JsonDocument.Parse(Assert.Single(json.Lines)).RootElement.GetProperty("columns");
        Assert.Equal(["number", "boolean", "boolean"], columns.EnumerateArray().Select(column => column.GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData("header.csv", "a,b,label\n1,2\n", "--label label", 3, "line 2, column 3: the record ends after 2 cells, but the header names 3")]
    [InlineData("t.csv", "a,label\n1,x\n2,y\n", "", 2, "Name the column to predict with --label; nativemlp inspect")]
    [InlineData("t.csv", "a,label\n1,x\n2,y\n", "--label lable", 2, "There is no column 'lable' (--label); did you mean 'label'? The columns are 'a', 'label'.")]
    [InlineData("t.csv", "day,label\n1/2/2024,x\n3/4/2024,y\n", "--label label", 3, "Column 'day': dates such as '1/2/2024' are ambiguous: choose --date-order")]
    [InlineData("t.csv", "a,label\n1,x\n2,y\n", "--label label --ignore a,,b", 2, "--ignore is 'a,,b', but it must be names of columns such as age,city, with double quotation marks around a name that contains a comma")]
    [InlineData("t.csv", "a,label\n1,x\n2,y\n", "--label label --norm batch", 2, "--norm has no effect on a table")]
    [InlineData("t.csv", "a,label\n1,x\n2,x\n", "--label label", 2, "The label 'label' has only the value 'x'")]
    [InlineData("t.csv", "a,label\n7,x\n7,y\n", "--label label", 3, "There are no features to predict the label from")]
    [InlineData("t.csv", "a,label\n1,x\n2,y\n", "--label label --test 1.5", 2, "--test is '1.5', but it must be a file, or a number of at least 0 and less than 1")]
    [InlineData("t.csv", "a,label\n1,x\n2,y\n", "--label label --ignore label", 2, "Column 'label' is given by --ignore and by another option")]
    [InlineData("t.csv", "a,label\n1,x\n2,y\n", "--label label --folds 3", 2, "it must be from 2 to the 2 rows that have a label")]
    public void Train_ThatCannotBe_SaysWhatToDo(string file, string text, string options, int exitCode, string message)
    {
        using var folder = new TemporaryFolder();
        string csv = folder.Write(file, Encoding.UTF8.GetBytes(text));
        CommandResult result = Command.Runner(["train", csv, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--out", folder.File("run")]).Run();
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(File.Exists(Path.Combine(folder.File("run"), "best.safetensors")));
    }

    [Fact]
    public void Train_OfWhatIsNotThere_IsRefused()
    {
        CommandResult missing = Command.Runner("train", "nothing.csv", "--label", "x").Run();
        Assert.Equal((3, true), (missing.ExitCode, missing.Error.Contains("The data file nothing.csv does not exist.", StringComparison.Ordinal)));
        CommandResult name = Command.Runner("train", "moons", "--label", "x").Run();
        Assert.Equal((2, true), (name.ExitCode, name.Error.Contains("--label has no effect here: it needs the file of a table", StringComparison.Ordinal)));
    }

    [Fact]
    public void Train_OfTheYearsOfHouses_IsARegression()
    {
        using var folder = new TemporaryFolder();
        string houses = SharedTables.PathOf("cases/28-a-year-for-a-label/houses.csv", folder);
        JsonElement result = Result(Train(houses, "--label", "year_built", "--out", folder.File("run"), "--json"), 0);
        Assert.Equal(JsonValueKind.Number, result.GetProperty("test_r2").ValueKind);
    }

    [Theory]
    [InlineData("05-header-of-digits", "2", 60)]
    [InlineData("09-tiny-data-default-batch", "label", 24)]
    [InlineData("11-predict-without-labels/labelled", "label", 0)]
    public void Train_OfAFileFromTheField_Works(string name, string label, int rows)
    {
        using var folder = new TemporaryFolder();
        string csv = SharedTables.PathOf($"cases/{name}/synthetic/moons_train.csv", folder);
        Result(Train(csv, "--label", label, "--out", folder.File("run"), "--json"), 0);
        CommandResult inspect = Command.Runner("inspect", csv, "--label", label, "--json").Run();
        Assert.True(rows == 0 || JsonDocument.Parse(inspect.Output).RootElement.GetProperty("rows").GetInt32() == rows, inspect.ToString());
    }

    [Fact]
    public void Train_OfAnIndexColumn_LeavesItOut()
    {
        using var folder = new TemporaryFolder();
        const string Data = "cases/06-index-column/synthetic";
        string csv = SharedTables.PathOf($"{Data}/moons_train.csv", folder), test = SharedTables.PathOf($"{Data}/moons_test.csv", folder);
        CommandResult train = Command.Runner("train", csv, "--label", "label", "--test", test, "--out", folder.File("run"), "--json").Run();
        Assert.True(Result(train, 0).GetProperty("test_accuracy").GetDouble() >= 0.9, train.ToString());
        Assert.Contains("Column 1 has no name in the header", train.Error, StringComparison.Ordinal);
        using TableModel model = TableModel.Load(Path.Combine(folder.File("run"), "best.safetensors"));
        Assert.Equal(["x", "y"], model.Schema.Features.Select(feature => feature.Name));
    }

    private static CommandResult Train(params string[] arguments) => Command.Runner(["train", .. arguments, .. s_short]).Run();

    private static JsonElement Result(CommandResult run, int exitCode)
    {
        Assert.True(run.ExitCode == exitCode, run.ToString());
        return Assert.Single(Events(run, "result"));
    }

    private static IEnumerable<JsonElement> Events(CommandResult run, string name) =>
        [.. run.Lines.Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.GetProperty("event").GetString() == name)];
}
