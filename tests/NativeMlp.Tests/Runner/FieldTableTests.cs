// SPDX-License-Identifier: MIT
using System.Globalization;
using System.Text;
using System.Text.Json;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>What people met with other programs, with tables: columns of very different sizes, settings files as editors write
/// them, files of more than a gibibyte.</summary>
[Trait("Starts", "Processes")]
public sealed class FieldTableTests
{
    /// <summary>Age in years, income in cents, and two columns of one value. The label is whether age and income are above the
    /// average together, but for one row in fifty.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_OfColumnsOnTheirOwnScales_IsAsGoodAsTheRule(bool scaled)
    {
        using var folder = new TemporaryFolder();
        string train = folder.Write("train.csv", AgeAndIncome(1000, seed: 14, scaled)), test = folder.Write("test.csv", AgeAndIncome(400, seed: 114, scaled));
        CommandResult run = Command.Runner("train", train, "--label", "label", "--test", test, "--epochs", "50", "--out", folder.File("run"), "--json").Run();
        Assert.True(run.ExitCode == 0, run.ToString());
        JsonElement result = JsonDocument.Parse(run.Lines[^1]).RootElement;
        Assert.InRange(result.GetProperty("test_accuracy").GetDouble(), 0.95, 1);
        Assert.InRange(result.GetProperty("test_log_loss").GetDouble(), 0, 0.2);
    }

    [Fact]
    public void Train_WithASettingsFileAsEditorsWriteIt_ReadsItOrSaysWhatIsWrong()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory)) File.Copy(file, folder.File(Path.GetFileName(file)));

        Assert.Contains("4-3,", Network("""{ "NativeMlp": { "Hidden": [] } }"""), StringComparison.Ordinal);
        Assert.Contains("4-128-64-3,", Network("""{ "NativeMlp": { "Hidden": null } }"""), StringComparison.Ordinal);
        Assert.Contains("4-32-3,", Network("\ufeff{\r\n  \"NativeMlp\": {\r\n    \"Hidden\": \"32\", \"Epochs\": 2\r\n  }\r\n}\r\n"), StringComparison.Ordinal);
        Assert.Contains("training    2 epochs", Network("""{ "NativeMlp": { "Epochs": 2, } }"""), StringComparison.Ordinal);
        Assert.Contains("4-16-8-3,", Network("""{ "NativeMlp": { "Lr": 1e-3, "Hidden": [16, 8] } }"""), StringComparison.Ordinal);
        Assert.Equal("0.001", Config().GetProperty("Lr").GetRawText());
        Refused("""{ "NativeMlp": { "Lr": "0,01" } }""", "Lr in ", "'0,01'");
        Refused("""{ "NativeMlp": { "Threads": 2.0 } }""", "Threads in ", "'2.0'");
        Refused("""{ "NativeMlp": { "Hiden": 32 } }""", "There is no setting 'Hiden'", "did you mean 'Hidden'?");
        Refused("""{ "NativeMlp": { "Header": "on" } }""", "Header in ", "true or false");
        Assert.Contains("4-3,", Network("{ }", ("NATIVEMLP__Hidden", "")), StringComparison.Ordinal);
        Assert.Contains("training    2 epochs", Network("{ }", ("NATIVEMLP__THREADS", "0"), ("NATIVEMLP__EPOCHS", "2")), StringComparison.Ordinal);

        CommandResult Train(string settings, params (string Name, string Value)[] environment)
        {
            File.WriteAllText(folder.File("appsettings.json"), settings);
            var command = new Command("dotnet", folder.File("NativeMlp.Runner.dll"), "train", TestFiles.PathOf("tabular", "iris.csv"),
                "--label", "label", "--ensemble", "1", "--out", folder.File("run"), "--overwrite");
            foreach ((string name, string value) in environment) command.With(name, value);
            return command.Run();
        }

        string Network(string settings, params (string Name, string Value)[] environment)
        {
            CommandResult run = Train(settings, environment);
            Assert.True(run.ExitCode == 0, run.ToString());
            return run.Output;
        }

        JsonElement Config() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.File("run"), "config.json"))).RootElement.GetProperty("NativeMlp");

        void Refused(string settings, params string[] words)
        {
            CommandResult run = Train(settings);
            Assert.Equal(2, run.ExitCode);
            Assert.All([.. words, folder.File("appsettings.json")], word => Assert.Contains(word, run.Error, StringComparison.Ordinal));
        }
    }

    /// <summary>More characters than a string has, more bytes than an array has; 29 columns, the last of them the label.</summary>
    [Theory]
    [InlineData(1_100_000_000)]
    [InlineData(2_200_000_000)]
    public void Train_OfAFileOfMoreThanAGibibyte_Works(long bytes)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("NMLP_TEST_HEAVY") == "1", "needs 2.2 GB of disk and 6 GB of memory; set NMLP_TEST_HEAVY=1");
        using var folder = new TemporaryFolder();
        float[] values = TestData.Normal(20, 4000 * 28);
        byte[] block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 4000).Select(row =>
            string.Concat(values[(row * 28)..((row + 1) * 28)].Select(value => value.ToString("F6", CultureInfo.InvariantCulture) + ",")) + $"{row % 2}\n")));
        using (FileStream file = File.Create(folder.File("big.csv")))
        {
            file.Write(Encoding.ASCII.GetBytes(string.Join(',', Enumerable.Range(0, 28).Select(i => $"f{i}")) + ",label\n"));
            while (file.Length < bytes) file.Write(block);
        }

        CommandResult run = Command.Runner("train", folder.File("big.csv"), "--label", "label", "--hidden", "8", "--epochs", "1", "--batch", "4096", "--out", folder.File("run"), "--json").Run();
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.InRange(JsonDocument.Parse(run.Lines[^1]).RootElement.GetProperty("test_accuracy").GetDouble(), 0.4, 1);
    }

    private static byte[] AgeAndIncome(int rows, ulong seed, bool scaled)
    {
        float[] uniform = new float[3 * rows];
        Kernels.RandomUniform(seed, 0, uniform, 0, 1);
        StringBuilder text = new("age,income,constant,zero,label\n");
        for (int row = 0; row < rows; row++)
        {
            double age = 18 + (62 * uniform[3 * row]), income = 2e6 + (1.8e7 * uniform[(3 * row) + 1]);
            double ageDeviations = (age - 49) / 18, incomeDeviations = (income - 11e6) / 5.2e6;
            bool label = (ageDeviations + incomeDeviations > 0) != (uniform[(3 * row) + 2] < 0.02);
            text.Append(CultureInfo.InvariantCulture, $"{(scaled ? ageDeviations : age):G7},{(scaled ? incomeDeviations : income):G7},{(scaled ? 0 : 1e6)},0,{(label ? 1 : 0)}\n");
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
