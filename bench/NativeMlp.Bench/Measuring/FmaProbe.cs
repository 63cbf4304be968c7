// SPDX-License-Identifier: MIT
using System.Diagnostics;
using NativeMlp.Bench.Vectors;

namespace NativeMlp.Bench.Measuring;

/// <summary>How fast the team's cores compute just now: nothing but fused multiply-adds in registers.</summary>
internal sealed class FmaProbe(Team team)
{
    private const double Undisturbed = 0.93;
    private const double ProbeFlops = 1.3e6; // some 13 µs
    private const double PeakFlops = 20e6; // some 200 µs
    private const int PeakSamples = 41;
    private const int CalibrationProbes = 50;

    private readonly double[] _seconds = new double[team.Threads];
    private double _fastestProbe;

    /// <summary>The peak of all cores together in FLOP/s: the best of many samples, each the sum of the cores' speeds.</summary>
    public double MeasurePeak()
    {
        int rounds = Rounds(PeakFlops);
        double best = 0;
        for (int sample = 0; sample < PeakSamples; sample++)
        {
            RunChains(rounds);
            best = Math.Max(best, _seconds.Sum(seconds => Flops(rounds) / seconds));
        }

        return best;
    }

    /// <summary>Learns what full speed is.</summary>
    public void Calibrate()
    {
        for (int i = 0; i < CalibrationProbes; i++) IsUndisturbed();
    }

    /// <summary>Whether the slowest core now runs at close to full speed: a neighbour on a shared machine can take half of
    /// a core away without any counter showing it.</summary>
    public bool IsUndisturbed()
    {
        int rounds = Rounds(ProbeFlops);
        RunChains(rounds);
        double slowest = Flops(rounds) / _seconds.Max();
        _fastestProbe = Math.Max(_fastestProbe, slowest);
        return slowest >= Undisturbed * _fastestProbe;
    }

    private static int Rounds(double flops) => (int)(flops / VectorKernels.Best.FlopsPerRound);

    private static double Flops(int rounds) => (double)rounds * VectorKernels.Best.FlopsPerRound;

    private void RunChains(int rounds)
    {
        if (team.Threads == 1) Time(0, rounds);
        else team.Run(thread => Time(thread, rounds));
    }

    private void Time(int thread, int rounds)
    {
        long start = Stopwatch.GetTimestamp();
        VectorKernels.Best.MultiplyAddChains(rounds);
        _seconds[thread] = Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
