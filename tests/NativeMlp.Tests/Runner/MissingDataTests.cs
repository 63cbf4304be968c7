// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>Data that are missing, without labels, or hardly what was meant: nothing is made up, and nothing doubtful is silent.</summary>
[Trait("Starts", "Processes")]
public sealed class MissingDataTests
{
    private const string Labelled = "x,y,label\n0,0,0\n1,1,1\n0.2,0,0\n0.9,1,1\n";
    private const string Unlabelled = "x,y\n0,0\n1,1\n0.2,0\n0.9,1\n";

    public static TheoryData<string, string> Files => new()
    {
        { "xor", "synthetic/xor_train.csv" }, { "circles", "synthetic/circles_test.csv" }, { "moons", "synthetic/moons_train.csv" },
        { "moons", "synthetic/moons_test.csv" }, { "spirals", "synthetic/spirals_test.csv" }, { "mnist", "mnist/train-images-idx3-ubyte" },
        { "fashion-mnist", "fashion-mnist/t10k-labels-idx1-ubyte" }, { "cifar10", "cifar-10/data_batch_" }, { "cifar10", "cifar-10/test_batch" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Train_WithAFileMissing_NamesIt(string data, string missing)
    {
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "mnist", "fashion-mnist", "cifar-10", "synthetic" })
            Directory.CreateDirectory(folder.File(name));

        string[] files = ["synthetic/xor_train.csv", "synthetic/xor_test.csv", "synthetic/circles_train.csv", "synthetic/circles_test.csv", "synthetic/moons_train.csv",
            "synthetic/moons_test.csv", "synthetic/spirals_train.csv", "synthetic/spirals_test.csv"];
        foreach (string file in files)
            File.WriteAllText(folder.File(file), Labelled);

        foreach (string name in new[] { "mnist", "fashion-mnist" })
        {
            File.WriteAllBytes(folder.File($"{name}/train-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9]);
            File.WriteAllBytes(folder.File($"{name}/t10k-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 9]);
            File.WriteAllBytes(folder.File($"{name}/train-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 1, 0]);
            File.WriteAllBytes(folder.File($"{name}/t10k-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 1, 0]);
        }

        File.WriteAllBytes(folder.File("cifar-10/data_batch_1.bin"), new byte[3073]);
        File.WriteAllBytes(folder.File("cifar-10/test_batch.bin"), new byte[3073]);
        CommandResult whole = Train(folder, data);
        Assert.True(whole.ExitCode == 0, whole.ToString());
        foreach (string file in Directory.GetFiles(folder.File(Path.GetDirectoryName(missing)!), Path.GetFileName(missing) + "*"))
            File.Delete(file);

        CommandResult result = Train(folder, data);
        Assert.True(result.ExitCode == 3, result.ToString());
        Assert.Empty(result.Output);
        Assert.Contains(missing, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Command_WithoutTheTestRows_IsExitCodeThree()
    {
        using var folder = new TemporaryFolder();
        string model = Model(folder);
        File.Delete(folder.File("synthetic/moons_test.csv"));
        foreach (string command in new[] { "evaluate", "predict" })
        {
            CommandResult result = Command.Runner(command, "--model", model, "--data", "moons", "--data-dir", folder.Path).Run();
            Assert.True(result.ExitCode == 3, result.ToString());
            Assert.Contains("moons_test.csv", result.Error, StringComparison.Ordinal);
        }

        CommandResult demo = Command.Runner("demo", "two-layer-net", "--data-dir", folder.Path).Run();
        Assert.True(demo.ExitCode == 3, demo.ToString());
        Assert.Contains("data_batch_", demo.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_WithoutLabelsAndTrainingRows_AnswersForEachRow()
    {
        using var folder = new TemporaryFolder();
        string model = Model(folder);
        File.Delete(folder.File("synthetic/moons_train.csv"));
        string[] predict = ["predict", "--model", model, "--data", "moons", "--data-dir", folder.Path];
        CommandResult labelled = Command.Runner(predict).Run();
        File.WriteAllText(folder.File("synthetic/moons_test.csv"), Unlabelled);
        CommandResult unlabelled = Command.Runner(predict).Run();
        Assert.True(unlabelled.ExitCode == 0, unlabelled.ToString());
        Assert.Equal(4, labelled.Lines.Length);
        Assert.Equal(labelled.Output, unlabelled.Output);

        CommandResult json = Command.Runner([.. predict, "--json"]).Run();
        Assert.Contains("\"test_loss\":null,\"test_accuracy\":null", json.Lines[^1], StringComparison.Ordinal); // nothing to measure against
        CommandResult evaluated = Command.Runner(["evaluate", .. predict[1..]]).Run();
        Assert.True(evaluated.ExitCode == 3, evaluated.ToString());
    }

    [Fact]
    public void Predict_OfImagesWithoutLabels_AnswersForEachImage()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("mnist"));
        string model = folder.File("model.safetensors");
        using (Mlp mlp = new(new MlpOptions { Inputs = 4, Outputs = 10, MaxBatch = 1 }))
        {
            NativeMlp.Storage.Checkpoint.Save(mlp, model, new NativeMlp.Storage.CheckpointInfo { DataSet = "mnist", Scale = 1f / 255 });
        }

        File.WriteAllBytes(folder.File("mnist/t10k-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 2, .. new byte[12]]);
        CommandResult result = Command.Runner("predict", "--model", model, "--data", "mnist", "--data-dir", folder.Path).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(3, result.Lines.Length);
    }

    [Fact]
    public void Train_OnColumnsOfOtherScales_WarnsInOneSentence()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "age,income,constant,nothing,label\n18,2000000,1000000,0,0\n80,20000000,1000000,0,1\n");
        CommandResult result = Train(folder, "moons");
        Assert.True(result.ExitCode == 0, result.ToString());
        string[] warnings = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, warnings.Length); // of the training and of the test rows
        Assert.All(new[] { "'income' up to 2E+07", "'age' up to 80", "standardise" }, word => Assert.Contains(word, warnings[0], StringComparison.Ordinal));
    }

    /// <summary>Between 2³⁰ and 2³¹ neighbouring float32 numbers are 128 apart: of the times 1,600,000,000 to 1,600,000,338, a multiple of
    /// 128 at the start, four remain.</summary>
    [Fact]
    public void ReadDataset_OfTimesThatFloat32CannotHold_CountsThem()
    {
        using var folder = new TemporaryFolder();
        string rows = string.Concat(Enumerable.Range(0, 339).Select(i => $"{1_600_000_000 + i},0.1{i},{i % 2}\n"));
        Dataset data = CsvReader.ReadDataset("times", folder.Write("times.csv", System.Text.Encoding.UTF8.GetBytes("time,x,label\n" + rows)));
        Assert.Equal(2, data.Warnings.Count); // and the scales
        Assert.Contains("column 'time' has 339 different values, of which float32 holds only 4 apart", data.Warnings[0], StringComparison.Ordinal);
        Assert.Equal(data.Warnings, data.Slice(0, 3).Warnings);
        string numbers = string.Concat(Enumerable.Range(0, 5000).Select(i => $"{Math.Sin(i):R},{i},{i % 2}\n").Skip(1).Take(900));
        Assert.Empty(CsvReader.ReadDataset("numbers", folder.Write("numbers.csv", System.Text.Encoding.UTF8.GetBytes("a,b,label\n" + numbers))).Warnings);
    }

    [Theory]
    [InlineData(",x,label\n0,1,0\n", 1)]
    [InlineData("x, ,label\n0,1,0\n", 2)]
    [InlineData("x,label,\n0,1,0\n", 3)]
    public void Read_OfAColumnWithoutAName_IsRefused(string text, int column)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("table.csv", System.Text.Encoding.UTF8.GetBytes(text));
        Assert.Contains($"line 1, column {column}: it has no name", Assert.Throws<DataFormatException>(() => CsvReader.Read(path)).Message, StringComparison.Ordinal);
        Assert.Throws<DataFormatException>(() => CsvReader.ReadDataset("table", path));
        Assert.Equal(2, CsvReader.Read(folder.Write("numbers.csv", "0,1\n2,3\n"u8.ToArray()), hasHeader: false).Rows); // where no column has a name, none is missing
    }

    [Fact]
    public void ReadDataset_OfAQuantity_IsRefused()
    {
        using var folder = new TemporaryFolder();
        DataFormatException refused = Assert.Throws<DataFormatException>(() => Read(Enumerable.Range(1950, 70)));
        Assert.All(new[] { "only 70 of the classes 0 to 2019", "from 1950 to 2019", "quantity" }, words => Assert.Contains(words, refused.Message, StringComparison.Ordinal));
        Assert.Throws<DataFormatException>(() => Read([185000, 1250000]));
        Assert.Equal(10, Read([9, 0]).Classes); // a short table of digits
        Assert.Equal(200, Read(Enumerable.Range(100, 100)).Classes); // half of them
        Assert.Equal(2020, CsvReader.ReadDataset("years", folder.File("years.csv"), 2020).Classes); // who says so gets them

        Dataset Read(IEnumerable<int> labels) => CsvReader.ReadDataset("table", folder.Write(labels.First() == 1950 ? "years.csv" : "table.csv",
            System.Text.Encoding.UTF8.GetBytes("x,label\n" + string.Concat(labels.Select(label => $"1,{label}\n")))));
    }

    private static string Model(TemporaryFolder folder)
    {
        Write(folder, Labelled);
        CommandResult result = Train(folder, "moons");
        Assert.True(result.ExitCode == 0, result.ToString());
        return Path.Combine(folder.File("out"), "best.safetensors");
    }

    private static void Write(TemporaryFolder folder, string table)
    {
        Directory.CreateDirectory(folder.File("synthetic"));
        File.WriteAllText(folder.File("synthetic/moons_train.csv"), table);
        File.WriteAllText(folder.File("synthetic/moons_test.csv"), table);
    }

    private static CommandResult Train(TemporaryFolder folder, string data) => Command.Runner(
        "train", "--data", data, "--data-dir", folder.Path, "--epochs", "2", "--hidden", "4", "--threads", "1", "--out", folder.File("out"), "--overwrite", "--json").Run();
}
