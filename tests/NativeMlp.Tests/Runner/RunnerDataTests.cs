// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>The program with data folders, models and settings files, good and bad.</summary>
[Trait("Starts", "Processes")]
public sealed class RunnerDataTests
{
    private const string Points = "x,y,label\n0,0,0\n1,1,1\n0.1,0,0\n0.9,1,1\n";

    [Fact]
    public void Train_WithAFolderThatHasTheSet_ReadsIt()
    {
        using var folder = new TemporaryFolder();
        string data = DataFolder(folder, Points);
        CommandResult result = Train(folder, "--data", "moons", "--data-dir", data, "--batch", "3", "--epochs", "2", "--hidden", "none").Run();
        JsonElement[] events = Events(result);
        Assert.Equal([2, 4], events[1..3].Select(e => e.GetProperty("step").GetInt32())); // 4 rows in batches of 3 and 1
        Assert.Equal(JsonValueKind.Null, events[1].GetProperty("val_loss").ValueKind);
        Assert.Equal(JsonValueKind.Null, events[1].GetProperty("val_accuracy").ValueKind);
        Assert.Equal((2 * 2) + 2, events[3].GetProperty("parameters").GetInt32());
        CommandResult fromEnvironment = Train(folder, "--data", "moons", "--batch", "3", "--epochs", "1", "--hidden", "none").With("NATIVEMLP__DataDir", data).Run();
        Assert.Equal(2, Events(fromEnvironment)[1].GetProperty("step").GetInt32());
    }

    [Fact]
    public void Data_ThatAreDamaged_AreExitCodeThreeAndSayWhere()
    {
        using var folder = new TemporaryFolder();
        CommandResult csv = Train(folder, "--data", "moons", "--data-dir", DataFolder(folder, "x,y,label\n0,0,0\n1,zebra,1\n")).Run();
        Refused(3, csv, "moons_train.csv", "line 3, column 2", "zebra");
        CommandResult label = Train(folder, "--data", "moons", "--data-dir", DataFolder(folder, "x,y,label\n0,0,2\n")).Run();
        Refused(3, label, "moons_train.csv", "2");
        Directory.CreateDirectory(folder.File("data/mnist"));
        foreach (string name in new[] { "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte" })
            File.WriteAllBytes(folder.File("data/mnist/" + name), [0, 0, 8, 3, 0, 0]);

        Refused(3, Train(folder, "--data", "mnist", "--data-dir", folder.File("data")).Run(), "idx");
        File.Delete(folder.File("data/mnist/t10k-labels-idx1-ubyte"));
        Refused(3, Train(folder, "--data", "mnist", "--data-dir", folder.File("data")).Run(), "t10k-labels-idx1-ubyte");
    }

    [Fact]
    public void Batch_LargerThanTheData_NamesBothNumbers()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Train(folder, "--data", "moons", "--data-dir", DataFolder(folder, Points), "--batch", "5").Run();
        Refused(2, result, "5", "4", "--batch");
        Refused(2, Train(folder, "--data", "moons", "--validation", "0.0001").Run(), "--validation");
    }

    [Fact]
    public void Model_OfOtherSizes_IsRefusedWithBoth()
    {
        using var folder = new TemporaryFolder();
        CommandResult trained = Train(folder, "--data", "moons", "--epochs", "1", "--hidden", "4").Run();
        string model = Events(trained)[^1].GetProperty("checkpoint").GetString()!;
        Refused(3, Command.Runner("evaluate", "--model", model, "--data", "spirals").Run(), "2", "3");
        CommandResult shown = Command.Runner("evaluate", "--model", model, "--data", "moons").Run();
        Assert.True(shown.ExitCode == 0, shown.ToString());
        Assert.Contains("accuracy", shown.Output, StringComparison.Ordinal);
        CommandResult predicted = Command.Runner("predict", "--model", model, "--data", "moons").Run();
        Assert.Equal(1000, predicted.Lines.Length);
        Assert.All(predicted.Lines, line => Assert.Contains(line, new[] { "0", "1" }));
    }

    /// <summary>The settings file is below the environment, which is below the command line; unknown keys and bad values are sentences.</summary>
    [Fact]
    public void SettingsFile_OfTheProgram_IsTheLowestLayer()
    {
        using var folder = new TemporaryFolder();
        CopyProgram(folder);
        File.WriteAllText(folder.File("appsettings.json"), """{ "NativeMlp": { "Epochs": 3, "Data": "moons", "Out": "OUT", "Hidden": "4" } }""".Replace("OUT", folder.File("out").Replace("\\", "/", StringComparison.Ordinal), StringComparison.Ordinal));
        Assert.Equal(3, Epochs(Copy(folder, "train", "--json", "--overwrite").Run()));
        Assert.Equal(2, Epochs(Copy(folder, "train", "--json", "--overwrite").With("NATIVEMLP__Epochs", "2").Run()));
        Assert.Equal(1, Epochs(Copy(folder, "train", "--json", "--overwrite", "--epochs", "1").With("NATIVEMLP__Epochs", "2").Run()));
        File.WriteAllText(folder.File("appsettings.json"), """{ "NativeMlp": { "Epochs": "ten" } }""");
        Refused(2, Copy(folder, "train", "--data", "moons").Run(), "Epochs", "ten");
        File.Delete(folder.File("appsettings.json"));
        Assert.Equal(0, Copy(folder, "info").Run().ExitCode); // the file may be absent
    }

    [Fact]
    public void Library_ThatIsMissing_IsExitCodeFourAndSaysWhereItLooked()
    {
        using var folder = new TemporaryFolder();
        CopyProgram(folder);
        foreach (string file in Directory.EnumerateFiles(folder.Path, "*nmlp*").Where(file => Path.GetFileNameWithoutExtension(file) is "nmlp" or "libnmlp"))
            File.Delete(file);

        CommandResult result = Copy(folder, "train", "--data", "moons").Run();
        Assert.True(result.ExitCode == 4, result.ToString());
        Assert.Contains(folder.Path, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gradcheck", "gradcheck")]
    [InlineData("info", "info")]
    public void Command_WithJson_PrintsObjectsOnly(string command, string firstEvent)
    {
        CommandResult result = Command.Runner(command, "--json").With("Logging__LogLevel__Default", "Debug").Run();
        JsonElement[] events = Events(result);
        Assert.Equal(firstEvent, events[0].GetProperty("event").GetString());
        Assert.NotEmpty(result.Error); // the log is there, on the other stream
    }

    [Fact]
    public void Info_WithAForcedInstructionSet_SaysIt()
    {
        foreach (string isa in InstructionSets.Words)
            Assert.Equal(isa, Events(Command.Runner("info", "--json").With("NMLP_ISA", isa).Run())[0].GetProperty("isa").GetString());

        Assert.Equal(3, Events(Command.Runner("info", "--json").With("NMLP_THREADS", "3").Run())[0].GetProperty("threads").GetInt32());
    }

    [Fact]
    public void Info_OfThisLibrary_NamesItsCompiler()
    {
        Assert.Equal(NativeLibraryInfo.Compiler, Events(Command.Runner("info", "--json").Run())[0].GetProperty("compiler").GetString());
        Assert.Contains(NativeLibraryInfo.Compiler, Command.Runner("info").Run().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_ThatCannotBeWritten_IsRefusedBeforeTraining()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("file", []);
        CommandResult result = Command.Runner("train", "--data", "moons", "--out", Path.Combine(file, "below"), "--json").Run();
        Refused(2, result, "--out", file);
    }

    private static string DataFolder(TemporaryFolder folder, string points)
    {
        Directory.CreateDirectory(folder.File("data/synthetic"));
        File.WriteAllText(folder.File("data/synthetic/moons_train.csv"), points);
        File.WriteAllText(folder.File("data/synthetic/moons_test.csv"), points);
        return folder.File("data");
    }

    private static void CopyProgram(TemporaryFolder folder)
    {
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory))
            File.Copy(file, folder.File(Path.GetFileName(file)));
    }

    private static Command Copy(TemporaryFolder folder, params string[] arguments) =>
        new("dotnet", [folder.File("NativeMlp.Runner.dll"), .. arguments]);

    private static Command Train(TemporaryFolder folder, params string[] arguments) =>
        Command.Runner(["train", .. arguments, "--out", folder.File("out"), "--overwrite", "--json"]);

    private static int Epochs(CommandResult result) => Events(result).Count(e => e.GetProperty("event").GetString() == "epoch");

    private static JsonElement[] Events(CommandResult result)
    {
        Assert.True(result.ExitCode == 0, result.ToString());
        return [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static void Refused(int exitCode, CommandResult result, params string[] words)
    {
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Empty(result.Output);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)); // one sentence, no stack
        Assert.All(words, word => Assert.Contains(word, result.Error, StringComparison.Ordinal));
    }
}
