// SPDX-License-Identifier: MIT
using System.Diagnostics;
using NativeMlp.Bench.Peers;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Measuring;

/// <summary>Several networks trained at once, each from a .NET thread of its own, against one after the other on all cores.</summary>
internal sealed class CallersMeasurement(NativeMlpPeer peer, int threads)
{
    public const int Callers = 8;

    private const double SecondsOfCaller = 0.01;
    private const int Samples = 9;

    public static IReadOnlyList<Network> Networks { get; } = [Network.B, Network.D, Network.E];

    /// <summary>Seconds for all steps of all networks, in both ways; neighbours meet both of them.</summary>
    public (double InTurn, double AtOnce) Run(Network network)
    {
        Work[] jobs = [.. Enumerable.Range(0, Callers).Select(_ => peer.Step(network, OptimizerKind.Momentum, threads))];
        try
        {
            int steps = StepsOf(jobs[0]);
            double[] inTurn = new double[Samples], atOnce = new double[Samples];
            for (int sample = 0; sample < Samples; sample++)
            {
                inTurn[sample] = Time(() => Array.ForEach(jobs, job => Train(job, steps)));
                atOnce[sample] = AtOnce(jobs, steps);
            }

            return (Sampler.Median(inTurn), Sampler.Median(atOnce));
        }
        finally
        {
            Array.ForEach(jobs, job => job.Dispose());
        }
    }

    private static int StepsOf(Work job)
    {
        Train(job, 20);
        return Math.Max(1, (int)(SecondsOfCaller / Time(() => Train(job, 20)) * 20));
    }

    // The threads are there already and wait: their start is not what is measured.
    private static double AtOnce(Work[] jobs, int steps)
    {
        using Barrier start = new(jobs.Length + 1);
        Thread[] callers = [.. jobs.Select(job => new Thread(() =>
        {
            start.SignalAndWait();
            Train(job, steps);
        }))];
        Array.ForEach(callers, caller => caller.Start());
        start.SignalAndWait();
        return Time(() => Array.ForEach(callers, caller => caller.Join()));
    }

    private static void Train(Work job, int steps)
    {
        for (int step = 0; step < steps; step++) job.Run();
    }

    private static double Time(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
