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
        string page = File.ReadAllText(Repository.PathOf("docs", "first-table.md"));
        string[] commands = [.. page.Split("```sh\n").Skip(1).SelectMany(block => block.Split("```")[0].Split('\n')).Where(line => line.Length > 0)];
        Assert.True(commands.Length >= 6, "the tutorial has hardly any commands");
        using var folder = new TemporaryFolder();
        foreach (string file in (string[])["adult.csv.gz", "adult_test.csv.gz"]) File.Copy(SharedTables.PathOf($"data/tabular/{file}", folder), folder.File(file));
        CommandResult result = Command.Shell(folder, "set -e\nnativemlp() { run \"$@\"; }\n" + string.Join('\n', commands)).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("test        accuracy " + SharedTables.Expected("data/tabular/adult.csv.gz", "0.86", "0.89"), result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("answers.csv")));
    }
}
