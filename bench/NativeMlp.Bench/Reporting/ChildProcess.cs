// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using NativeMlp.Bench.Measuring;
using NativeMlp.Bench.Peers;

namespace NativeMlp.Bench.Reporting;

/// <summary>This program again, in a process of its own: runtimes do not disturb each other, and one that cannot load takes
/// nothing down with it. The environment is passed on.</summary>
internal static class ChildProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Measures one peer; a failure of the process itself is a row, too.</summary>
    public static List<Row> Measure(string peer, int threads, bool quick)
    {
        List<string> words = ["measure", "--peer", peer, "--threads", threads.ToString(CultureInfo.InvariantCulture)];
        if (quick) words.Add("--quick");
        using Process process = new() { StartInfo = Self(words) };
        Steady(process.StartInfo, threads);
        if (InstructionSets.Others.Any(isa => InstructionSets.Key(isa) == peer)) process.StartInfo.Environment[InstructionSets.Variable] = peer;
        List<Row> rows = [];
        string complaint = "";
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is ['{', ..] json) rows.Add(JsonSerializer.Deserialize<Row>(json, MeasureCommand.Json)!);
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (complaint.Length == 0 && line.Data is { Length: > 0 } text) complaint = text;
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        bool ended = process.WaitForExit(Patience);
        if (!ended) process.Kill(entireProcessTree: true);
        process.WaitForExit();
        if (!ended) rows.Add(Failure(peer, $"no end within {Patience.TotalMinutes} minutes"));
        else if (process.ExitCode != 0) rows.Add(Failure(peer, $"exit code {process.ExitCode} {PeerMissingException.Reason(complaint)}".TrimEnd()));
        return rows;
    }

    /// <summary>Seconds from the start of this program with one word to its end.</summary>
    public static double Lifetime(string word) => Lifetime(Self([word]));

    /// <summary>Seconds from the start of a program to its end.</summary>
    public static double Lifetime(string program, params ReadOnlySpan<string> words) =>
        Lifetime(new ProcessStartInfo(program, words.ToArray()) { RedirectStandardOutput = true, RedirectStandardError = true });

    private static double Lifetime(ProcessStartInfo program)
    {
        using Process process = new() { StartInfo = program };
        long start = Stopwatch.GetTimestamp();
        process.Start();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return process.ExitCode == 0 ? seconds : throw new InvalidOperationException($"{string.Join(' ', [program.FileName, .. program.ArgumentList])} ended with exit code {process.ExitCode}");
    }

    private static Row Failure(string peer, string reason) => new(Sections.Peer, peer, double.NaN, Error: reason);

    /// <summary>How to start this program again; what it prints is for the caller to read.</summary>
    public static ProcessStartInfo Self(IEnumerable<string> words)
    {
        string program = Environment.ProcessPath!;
        bool hosted = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return new ProcessStartInfo(program, hosted ? [Assembly.GetExecutingAssembly().Location, .. words] : words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    private static void Steady(ProcessStartInfo start, int threads)
    {
        // OpenMP runtimes keep each thread on a core of its own.
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        start.Environment["OMP_PROC_BIND"] = "true";
        start.Environment["OMP_PLACES"] = "cores";
        // Hot methods are compiled again, with all optimisations, as soon as they are known to be hot.
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0";
    }
}
