// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Tests.Support;

namespace NativeMlp.Tests.Runner;

/// <summary><c>nativemlp verify</c> as its users meet it.</summary>
[Trait("Starts", "Processes")]
public sealed class VerifyTests
{
    private static readonly string[] Names =
        ["event", "system", "processor", "isa", "threads", "compiler", "weights_sha256", "expected_sha256", "same", "runs", "error"];

    [Fact]
    public void Verify_OfThisMachine_FindsTheSameOnEveryInstructionSetAndThreadCount()
    {
        CommandResult result = Command.Runner("verify").With("NMLP_ISA", "").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        string[][] rows = [.. result.Lines.Where(line => line.EndsWith("  same", StringComparison.Ordinal))
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        Assert.All(rows, row => Assert.Equal(7, row.Length));
        Assert.Equal(InstructionSets.Words.SelectMany(isa => new[] { "1", "2", "3" }.Select(threads => (isa, threads))).Order(),
            rows.Select(row => (row[2], row[3])).Order());
        Assert.All(rows, row => Assert.Equal(NativeLibraryInfo.Compiler, row[4]));
        Assert.All(result.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 160));
    }

    [Fact]
    public void Verify_WithJsonAndOneInstructionSet_PrintsItsEventsAndNothingElse()
    {
        CommandResult result = Command.Runner("verify", "--json").With("NMLP_ISA", "scalar").Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement[] events = [.. result.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(4, events.Length);
        Assert.All(events[..3], e => Assert.Equal(Names, e.EnumerateObject().Select(member => member.Name)));
        Assert.All(events[..3], e => Assert.Equal("scalar", e.GetProperty("isa").GetString()));
        Assert.All(events[..3], e => Assert.Equal(e.GetProperty("expected_sha256").GetString(), e.GetProperty("weights_sha256").GetString()));
        Assert.Equal([1, 2, 3], events[..3].Select(e => e.GetProperty("threads").GetInt32()));
        Assert.True(events[3].GetProperty("same").GetBoolean());
        Assert.Equal("done", events[3].GetProperty("status").GetString());
    }

    [Fact]
    public void Verify_WithLong_AlsoTrainsTheLongRun()
    {
        CommandResult result = Command.Runner("verify", "--long", "--json").With("NMLP_ISA", InstructionSets.Words[^1]).Run();
        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement runs = JsonDocument.Parse(result.Lines[0]).RootElement.GetProperty("runs");
        Assert.Equal("long", runs[runs.GetArrayLength() - 1].GetProperty("run").GetString());
    }
}
