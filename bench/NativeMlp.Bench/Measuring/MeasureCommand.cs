// SPDX-License-Identifier: MIT
using System.Text.Json;
using System.Text.Json.Serialization;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Measuring;

/// <summary>What a child process of the report does: measures one peer with one number of threads and prints its rows.</summary>
internal static class MeasureCommand
{
    /// <summary>Stands for the machine itself instead of a peer.</summary>
    public const string Machine = "machine";

    public static JsonSerializerOptions Json { get; } = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static int Run(string peer, int threads, Effort effort)
    {
        using Team team = new(threads);
        FmaProbe probe = new(team);
        Sampler sampler = new(probe, effort);
        WarmUp(probe, effort);
        Print(new Row(Sections.Machine, Sections.Peak, probe.MeasurePeak()));
        if (threads > 1) Print(new Row(Sections.Machine, Sections.Barrier, MachineLimits.BarrierSeconds(team)));
        if (peer == Machine) Limits(new MachineLimits(team, sampler));
        else if (peer == InstructionSets.Key(NativeLibraryInfo.Active)) Peer(peer, () => With(PeerList.Own).RunForInstructionSet());
        else Peer(peer, () => With(PeerList.WithKey(peer)).Run());
        return 0;

        PeerMeasurements With(PeerEntry entry) => new(entry.Create(), team, effort, sampler, Print);
    }

    private static void Peer(string key, Action measure)
    {
        try
        {
            measure();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Print(new Row(Sections.Peer, key, double.NaN, Error: PeerMissingException.Reason(e)));
        }
    }

    private static void Limits(MachineLimits limits)
    {
        foreach (int mebibytes in MachineLimits.ReadSizes) Print(Sections.Read(mebibytes), limits.Read(mebibytes));
        foreach (Network network in Network.All) Print(Sections.Update(network.Name), limits.Update(network));
    }

    // Clocks rise, the runtime compiles the probe.
    private static void WarmUp(FmaProbe probe, Effort effort)
    {
        long start = Environment.TickCount64;
        while (Environment.TickCount64 - start < 1000 * effort.FirstWarmUp / 2) probe.IsUndisturbed();
    }

    private static void Print(string name, Timing timing) =>
        Print(new Row(Sections.Machine, name, timing.Seconds, timing.Disturbed));

    private static void Print(Row row) => Console.WriteLine(JsonSerializer.Serialize(row, Json));
}
