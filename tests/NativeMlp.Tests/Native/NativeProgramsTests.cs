// SPDX-License-Identifier: MIT
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Native;

/// <summary>Runs the C test programs, which lie in native-tests/ beside this assembly, on every instruction set.</summary>
[Trait("Starts", "Processes")]
public sealed class NativeProgramsTests
{
    private const int Skipped = 77;
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "native-tests");

    public static TheoryData<string> Programs() =>
        [.. Directory.EnumerateFiles(Folder, "test_*").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Programs_OfThisBuild_AreThere() => Assert.True(Programs().Count >= 8);

    /// <summary>Each must pass on each instruction set, and print the same hashes on all.</summary>
    [Theory]
    [MemberData(nameof(Programs))]
    public void Program_OnEveryInstructionSet_PassesWithTheSameBits(string program)
    {
        Dictionary<string, string> expected = [];
        foreach (string isa in InstructionSets.Words)
        {
            CommandResult result = new Command(Path.Combine(Folder, program)).With("NMLP_ISA", isa).With("OMP_WAIT_POLICY", "passive").Run();
            Assert.True(result.ExitCode is 0 or Skipped, $"{program} on {isa}: {result}");
            foreach ((string name, string hash) in Hashes(result))
            {
                if (!expected.TryAdd(name, hash))
                {
                    Assert.True(expected[name] == hash, $"{program}, {name}: {hash} on {isa}, {expected[name]} on one before it");
                }
            }
        }
    }

    // Lines "hash NAME HEX".
    private static IEnumerable<(string Name, string Hash)> Hashes(CommandResult result) =>
        result.Lines.Select(line => line.Split(' ')).Where(words => words is ["hash", _, _]).Select(words => (words[1], words[2]));
}
