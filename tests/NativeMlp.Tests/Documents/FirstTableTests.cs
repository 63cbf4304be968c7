// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Documents;

/// <summary>The tutorial about tables: its commands, in their order, in a folder with the two files that it needs.</summary>
[Trait("Starts", "Processes")]
public sealed class FirstTableTests
{
    [Fact]
    public void Commands_OfTheTutorial_Run()
    {
        string[] files = [SharedFolder.PathOf("data", "tabular", "adult.csv.gz"), SharedFolder.PathOf("data", "tabular", "adult_test.csv.gz")];
        string page = File.ReadAllText(Repository.PathOf("docs", "first-table.md"));
        string[] commands = [.. page.Split("```sh\n").Skip(1).SelectMany(block => block.Split("```")[0].Split('\n')).Where(line => line.Length > 0)];
        Assert.True(commands.Length >= 6, "the tutorial has hardly any commands");
        using var folder = new TemporaryFolder();
        foreach (string file in files) File.Copy(file, folder.File(Path.GetFileName(file)));
        CommandResult result = Command.Shell(folder, "set -e\nnativemlp() { run \"$@\"; }\n" + string.Join('\n', commands)).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("test        accuracy 0.86", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("answers.csv")));
    }
}
