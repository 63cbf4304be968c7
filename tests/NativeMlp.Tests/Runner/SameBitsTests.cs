// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary>Training gives the same bytes on every instruction set and with every number of threads.</summary>
[Trait("Starts", "Processes")]
public sealed class SameBitsTests
{
    /// <summary>Some 200 steps; the second network is large enough for several workers to share its steps.</summary>
    [Theory]
    [InlineData("--data spirals --hidden 37,19 --optimizer adam --epochs 12")]
    [InlineData("--data moons --hidden 301,203 --optimizer momentum --lr 0.01 --l2 1e-4 --epochs 100 --batch 500")]
    public void Train_OnEveryInstructionSetAndThreadCount_GivesTheSameWeights(string options)
    {
        using var folder = new TemporaryFolder();
        var hashes = new Dictionary<string, string>();
        foreach (string isa in InstructionSets.Words)
        {
            foreach (string threads in isa == "scalar" ? ["2"] : new[] { "1", "2", "3", "5" })
            {
                CommandResult result = Command.Runner(["train", .. options.Split(' '), "--threads", threads, "--out", folder.Path, "--overwrite", "--json"])
                    .With("NMLP_ISA", isa).With("OMP_WAIT_POLICY", "passive").Run();
                Assert.True(result.ExitCode == 0, result.ToString());
                hashes[$"{isa}, {threads} threads"] = JsonDocument.Parse(result.Lines[^1]).RootElement.GetProperty("weights_sha256").GetString()!;
            }
        }

        Assert.True(hashes.Values.Distinct().Count() == 1, string.Join('\n', hashes));
    }
}
