// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace NativeMlp;

/// <summary>The instruments behind <see cref="NativeMlpDiagnostics"/>.</summary>
internal static class Telemetry
{
    public static readonly ActivitySource Activities = new(NativeMlpDiagnostics.ActivitySourceName, Version);

    public static readonly Meter Meter = new(NativeMlpDiagnostics.MeterName, Version);

    private static readonly Counter<long> s_steps =
        Meter.CreateCounter<long>(NativeMlpDiagnostics.TrainSteps, "{step}", "Training steps that changed a network.");

    private static readonly Gauge<double> s_loss =
        Meter.CreateGauge<double>(NativeMlpDiagnostics.TrainLoss, "1", "The loss of the last training step before its update.");

    private static readonly Counter<long> s_rows =
        Meter.CreateCounter<long>(NativeMlpDiagnostics.PredictRows, "{row}", "Rows that were predicted.");

    // From a row of a small network to a large batch of a wide one.
    private static readonly Histogram<double> s_duration =
        Meter.CreateHistogram(NativeMlpDiagnostics.PredictDuration, "s", "The time that a call took to predict its rows.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 1e-2, 0.1, 1, 10] });

    private static string? Version => typeof(Telemetry).Assembly.GetName().Version?.ToString(3);

    public static void Stepped() => s_steps.Add(1);

    public static void Stepped(double loss)
    {
        if (!s_steps.Enabled && !s_loss.Enabled) return;
        if (!double.IsFinite(loss)) return;
        s_steps.Add(1);
        s_loss.Record(loss);
    }

    /// <summary>Returns the time at which a prediction begins; 0 without a listener.</summary>
    public static long Start() => s_rows.Enabled || s_duration.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>Reports rows that were predicted.</summary>
    /// <param name="rows">Their number.</param>
    /// <param name="started">What <see cref="Start"/> returned.</param>
    public static void Predicted(int rows, long started)
    {
        if (started == 0) return;
        s_rows.Add(rows);
        s_duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
