// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Documents;

/// <summary>The page about models that leave and arrive: its commands, in their order.</summary>
[Trait("Starts", "Processes")]
public sealed class ExchangeTests
{
    [Fact]
    public void Commands_OfThePage_Run()
    {
        string page = File.ReadAllText(Repository.PathOf("docs", "exchange.md"));
        string[] commands = [.. page.Split("```sh\n").Skip(1).SelectMany(block => block.Split("```")[0].Split('\n')).Where(line => line.Length > 0)];
        Assert.True(commands.Length >= 10, "the page has hardly any commands");
        using var folder = new TemporaryFolder();
        File.Copy(SharedTables.PathOf("data/tabular/adult.csv.gz", folder), folder.File("adult.csv.gz"));
        CommandResult result = Command.Shell(folder, "set -e\nnativemlp() { run \"$@\"; }\n" + string.Join('\n', commands)).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        foreach (string file in (string[])["adult.onnx", "adult-encoded.onnx", "adult.h", "Adult.cs", "spirals.h", "back.safetensors", "from-torch.safetensors", "from-numpy.safetensors"])
            Assert.True(File.Exists(folder.File(file)), $"{file} was not written");
    }
}
