// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Globalization;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Reporting;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Busy;

/// <summary>What each library keeps of its speed while other programs want the same processors: samples a second beside no,
/// one and two endless loops, on one thread and on as many as there are processors.</summary>
internal sealed class BusyCommand(double seconds, string? python)
{
    private const int MostLoops = 2;

    // After loops have come or gone: what a library finds out about them is part of neither figure.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);

    private static readonly int[] Threads = [1, Environment.ProcessorCount];

    private readonly List<IReadOnlyList<string>> _rows = [];

    public int Run()
    {
        foreach (PeerEntry entry in (PeerEntry[])[PeerList.Own, PeerList.Torch, PeerList.Onnx])
        {
            try
            {
                Measure(entry);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Console.Error.WriteLine($"{entry.Name}: {PeerMissingException.Reason(e)}");
            }
        }
        if (python != null) MeasurePython(python);
        MarkdownWriter table = new();
        table.Table(["work", "library", "threads", .. Enumerable.Range(0, MostLoops + 1).Select(Heading)], _rows);
        Console.Write(table);
        return 0;
    }

    private static string Heading(int loops) => loops switch { 0 => "alone", 1 => "one loop", _ => $"{loops} loops" };

    private void Measure(PeerEntry entry)
    {
        IPeer peer = entry.Create();
        foreach (Network network in Network.All)
        {
            foreach (int threads in Threads)
            {
                if (peer is IStepPeer trains)
                    Add($"train {network.Name}", entry.Name, threads, () => Speed(trains.Step(network, OptimizerKind.Momentum, threads), network));
                if (peer is IPredictPeer predicts)
                    Add($"predict {network.Name}", entry.Name, threads, () => Speed(predicts.Predict(network, network.Batch, threads), network));
            }
        }
    }

    private void MeasurePython(string script)
    {
        foreach (Network network in Network.All)
        {
            foreach (int threads in Threads)
                Add($"train {network.Name}", "PyTorch", threads, () => PythonSpeed(script, network, threads));
        }
    }

    private void Add(string work, string library, int threads, Func<double> speed)
    {
        List<string> row = [work, library, threads.ToString(CultureInfo.InvariantCulture)];
        for (int loops = 0; loops <= MostLoops; loops++)
        {
            using EndlessLoops others = new(loops);
            row.Add(speed().ToString("#,0", CultureInfo.InvariantCulture));
        }
        _rows.Add(row);
        Console.Error.WriteLine(string.Join("  ", row));
    }

    private double Speed(Work? work, Network network)
    {
        using Work? owned = work ?? throw new PeerMissingException("does not do this");
        Turns(owned, Settling.TotalSeconds);
        return network.Batch * Turns(owned, seconds);
    }

    // All that was done in all the time: a median would hide the turns that waited.
    private static double Turns(Work work, double seconds)
    {
        long start = Stopwatch.GetTimestamp();
        int turns = 0;
        for (; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds; turns++) work.Run();
        return turns / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private double PythonSpeed(string script, Network network, int threads)
    {
        string[] words = [script, string.Join('-', network.Sizes), $"{network.Batch}", $"{threads}",
            Settling.TotalSeconds.ToString(CultureInfo.InvariantCulture), seconds.ToString(CultureInfo.InvariantCulture)];
        using Process process = Process.Start(new ProcessStartInfo("python3", words) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return double.Parse(text, CultureInfo.InvariantCulture);
    }
}
