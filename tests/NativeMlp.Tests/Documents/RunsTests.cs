// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Documents;

/// <summary>The page about runs: its commands, in their order, in an empty folder.</summary>
[Trait("Starts", "Processes")]
public sealed class RunsTests
{
    [Fact]
    public void Commands_OfThePage_Run()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "they are for bash");
        string page = File.ReadAllText(Repository.PathOf("docs", "runs.md"));
        string[] commands = [.. page.Split("```sh\n").Skip(1).SelectMany(block => block.Split("```")[0].Split('\n')).Where(line => line.Length > 0)];
        Assert.True(commands.Length >= 6, "the page has hardly any commands");
        using var folder = new TemporaryFolder();
        CommandResult result = Command.Shell(folder, "set -e\nnativemlp() { run \"$@\"; }\n" + string.Join('\n', commands)).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Empty(Directory.EnumerateFiles(folder.File("runs"), ".*", SearchOption.AllDirectories));
        Assert.False(Directory.Exists(folder.File("spare"))); // it was not needed
    }
}
