// SPDX-License-Identifier: MIT
using System.Diagnostics;

namespace NativeMlp.Bench.Measuring;

/// <summary>The time of one call.</summary>
/// <param name="Seconds">The median of the samples that count.</param>
/// <param name="Disturbed">Too few samples were undisturbed, so that all count.</param>
internal readonly record struct Timing(double Seconds, bool Disturbed);

/// <summary>The one way in which calls are timed: warm-up, then samples of at least half a millisecond. A sample counts if
/// the cores ran at full speed just before and just after it.</summary>
internal sealed class Sampler(FmaProbe probe, Effort effort)
{
    private const double SampleSeconds = 5e-4;
    private const int EnoughSamples = 7;
    private const int FewestSamples = 2; // of a call that takes long
    private const int MostSamples = 4000;

    private bool _first = true;

    /// <summary>Times a step or a prediction.</summary>
    public Timing MeasureLong(Action run) => Measure(run, effort.Long);

    /// <summary>Times a kernel.</summary>
    public Timing MeasureShort(Action run) => Measure(run, effort.Short);

    /// <summary>Collects samples that time themselves.</summary>
    public Timing MeasureSamples(Func<double> sample) => Collect(sample, effort.Short.Sampling);

    private Timing Measure(Action run, CaseTime time)
    {
        int calls = Math.Max(1, (int)Math.Ceiling(SampleSeconds / WarmUp(run, time.WarmUp)));
        return Collect(Sample, time.Sampling);

        double Sample()
        {
            if (calls > 1) run(); // wakes the threads of whoever has some
            return Time(run, calls) / calls;
        }
    }

    private Timing Collect(Func<double> sample, double duration)
    {
        probe.Calibrate();
        List<double> all = [], counting = [];
        long start = Stopwatch.GetTimestamp();
        bool before = probe.IsUndisturbed();
        while (!IsEnough(all.Count, counting.Count, Stopwatch.GetElapsedTime(start).TotalSeconds / duration))
        {
            double seconds = sample();
            bool after = probe.IsUndisturbed();
            all.Add(seconds);
            if (before && after) counting.Add(seconds);
            before = after;
        }

        bool disturbed = counting.Count < FewestSamples;
        return new Timing(Median(disturbed ? all : counting), disturbed);
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private bool IsEnough(int all, int counting, double share) =>
        all >= MostSamples
        || (counting >= EnoughSamples && share > 1)
        || (all >= FewestSamples && share > effort.Patience);

    // Answers the time of a call.
    private double WarmUp(Action run, double duration)
    {
        if (_first) duration = Math.Max(duration, effort.FirstWarmUp);
        _first = false;
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        do
        {
            run();
            calls++;
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < duration);
        double mean = Stopwatch.GetElapsedTime(start).TotalSeconds / calls;
        return mean > SampleSeconds ? mean : Math.Min(mean, Time(run, 1));
    }

    private static double Time(Action run, int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < calls; i++) run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
