// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Globalization;
using NativeMlp.Bench.Measuring;
using NativeMlp.Bench.Peers;

namespace NativeMlp.Bench.Reporting;

/// <summary>Measures everything in rounds and writes the report.</summary>
/// <param name="quick">Short samples.</param>
/// <param name="rounds">How often everything is measured.</param>
/// <param name="output">Where the files go; null for the usual place.</param>
/// <param name="nativeFolder">Native programs to run as well; null for those that CMake built last.</param>
internal sealed class ReportCommand(bool quick, int rounds, string? output, string? nativeFolder)
{
    private const int Starts = 7;

    private readonly Measurements _measurements = new();

    public int Run()
    {
        if (rounds < 1)
        {
            Console.Error.WriteLine($"--rounds is {rounds}; it must be at least 1.");
            return 2;
        }

        string? load = Machine.Load;
        long start = Stopwatch.GetTimestamp();
        for (int round = 1; round <= rounds; round++) Round(round);
        TimeSpan duration = Stopwatch.GetElapsedTime(start);
        IReadOnlyList<NativeProgram> programs = NativeProgram.RunAll(nativeFolder, quick);

        string folder = output ?? Path.Combine(Repository.Root, "bench", "results", Machine.Slug);
        Directory.CreateDirectory(folder);
        string report = new Report(_measurements, rounds, quick, load, duration, programs).Write();
        File.WriteAllText(Path.Combine(folder, "results.md"), report);
        File.WriteAllText(Path.Combine(folder, "chart.svg"), StepChart.Draw(_measurements));
        Console.WriteLine($"Wrote results.md and chart.svg in {Path.GetRelativePath(Environment.CurrentDirectory, folder)}.");
        return 0;
    }

    // A round is all peers once: what changes on the machine in the meantime meets all of them.
    private void Round(int round)
    {
        foreach (int threads in Measurements.ThreadCounts)
        {
            Measure(round, MeasureCommand.Machine, "the machine", threads);
            foreach (PeerEntry peer in PeerList.All)
            {
                if ((threads == 1 || peer.Parallel) && (round == 1 || !peer.KernelsOnly)) Measure(round, peer.Key, peer.Name, threads);
                if (peer == PeerList.Own) OtherInstructionSets(round, threads);
            }
        }

        Say($"round {round} of {rounds}: starting up");
        string? runner = Environment.GetEnvironmentVariable("NATIVEMLP_AOT");
        DirectoryInfo models = Directory.CreateTempSubdirectory("nativemlp-bench-");
        double[] empty = new double[Starts], firstStep = new double[Starts], ahead = new double[Starts];
        for (int start = 0; start < Starts; start++)
        {
            empty[start] = ChildProcess.Lifetime(StartUp.Empty);
            firstStep[start] = ChildProcess.Lifetime(StartUp.FirstStep);
            if (runner is not null) ahead[start] = ChildProcess.Lifetime(runner, "train", "--data", "xor", "--out", models.FullName, "--overwrite");
        }

        models.Delete(recursive: true);
        _measurements.Add(PeerList.Own.Key, 1,
        [
            new Row(Sections.Start, StartUp.Empty, Sampler.Median(empty)),
            new Row(Sections.Start, StartUp.FirstStep, Sampler.Median(firstStep)),
        ]);
        if (runner is not null) _measurements.Add(PeerList.Own.Key, 1, [new Row(Sections.Start, StartUp.AheadOfTime, Sampler.Median(ahead))]);
    }

    private void OtherInstructionSets(int round, int threads)
    {
        foreach (InstructionSet isa in InstructionSets.Others) Measure(round, InstructionSets.Key(isa), $"{PeerList.Own.Name} with {isa}", threads);
    }

    private void Measure(int round, string key, string name, int threads)
    {
        if (_measurements.Missing.ContainsKey(key)) return;
        Say(string.Create(CultureInfo.InvariantCulture, $"round {round} of {rounds}: {name}, {threads} {(threads == 1 ? "thread" : "threads")}"));
        _measurements.Add(key, threads, ChildProcess.Measure(key, threads, quick));
        if (_measurements.Missing.TryGetValue(key, out string? reason)) Say($"    not available: {reason}");
    }

    private static void Say(string text) => Console.Error.WriteLine(text);
}
