// SPDX-License-Identifier: MIT
using System.Diagnostics;
using NativeMlp.Bench.Vectors;
using NativeMlp.Bench.Workloads;

namespace NativeMlp.Bench.Measuring;

/// <summary>What the machine allows: how fast memory of each size is read and updated, and how fast two cores meet.</summary>
internal sealed class MachineLimits(Team team, Sampler sampler)
{
    private const int Barriers = 1000; // short, so that most samples meet no interruption
    private const int BarrierSamples = 101;
    private const int Mebibyte = 1 << 20;
    private const double SampleBytes = 50e6; // some half a millisecond from a cache

    /// <summary>Mebibytes read in each pass: within the last cache of most machines, and far beyond it.</summary>
    public static IReadOnlyList<int> ReadSizes { get; } = [8, 256];

    /// <summary>Seconds from one meeting of all threads to the next.</summary>
    public static double BarrierSeconds(Team team)
    {
        SpinBarrier barrier = new(team.Threads);
        double[] samples = new double[BarrierSamples];
        for (int sample = 0; sample < BarrierSamples; sample++)
        {
            team.Run(thread =>
            {
                long start = Stopwatch.GetTimestamp();
                barrier.Wait(thread, Barriers);
                if (thread == 0) samples[sample] = Stopwatch.GetElapsedTime(start).TotalSeconds / Barriers;
            });
        }

        return Sampler.Median(samples);
    }

    /// <summary>Seconds of reading this much memory once.</summary>
    public Timing Read(int mebibytes)
    {
        float[] values = RandomData.Floats(mebibytes * (Mebibyte / sizeof(float)), seed: 1);
        return Measure((double)values.Length * sizeof(float), thread => VectorKernels.Best.Sum(Share(values, thread)));
    }

    /// <summary>Seconds of one pass of momentum over as many parameters as the network has.</summary>
    public Timing Update(Network network)
    {
        UpdateData d = new((int)network.Parameters);
        return Measure(network.UpdateBytes, thread => VectorKernels.Best.MomentumUpdate(Share(d.Weights, thread),
            Share(d.Gradient, thread), Share(d.Velocity, thread), UpdateData.Momentum, UpdateData.LearningRate));
    }

    // The threads time themselves, so that waking them is not counted; the first passes bring the data into the caches.
    private Timing Measure(double bytes, Action<int> pass)
    {
        int passes = (int)Math.Ceiling(SampleBytes / bytes);
        double[] seconds = new double[team.Threads];
        return sampler.MeasureSamples(() =>
        {
            team.Run(thread =>
            {
                pass(thread);
                long start = Stopwatch.GetTimestamp();
                for (int i = 0; i < passes; i++) pass(thread);
                seconds[thread] = Stopwatch.GetElapsedTime(start).TotalSeconds / passes;
            });
            return seconds.Max();
        });
    }

    // Shares begin on a cache line.
    private Span<float> Share(float[] values, int thread)
    {
        int part = values.Length / team.Threads / 16 * 16;
        int start = thread * part;
        return thread == team.Threads - 1 ? values.AsSpan(start) : values.AsSpan(start, part);
    }
}
