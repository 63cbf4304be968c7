// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Metrics;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Records;

namespace NativeMlp.Runner.Reports.Pages;

/// <summary>Formats the figures of a test for pages and tables.</summary>
internal static class Numbers
{
    public static string Of(Measure measure) => measure.Unitless ? Format.Metric(measure.Value) : Format.Measured(measure.Value);

    /// <summary>Formats an interval as 0.8512 to 0.8690; empty if it is unknown.</summary>
    public static string IntervalOf(Measure measure) => measure.Interval is { } interval ? Of(interval, measure.Unitless) : "";

    public static string Of(ConfidenceInterval interval, bool unit) => unit
        ? $"{Format.Metric(interval.Low)} to {Format.Metric(interval.High)}" : $"{Format.Real(interval.Low)} to {Format.Real(interval.High)}";

    /// <summary>A difference with its sign: shares have four decimals, other numbers three or six digits.</summary>
    public static string Signed(double value) =>
        (value > 0 ? "+" : "") + value.ToString(Math.Abs(value) switch { >= 1 => "G6", >= 0.00005 => "0.0000", _ => "G3" }, CultureInfo.InvariantCulture);

    /// <summary>Formats a probability, which is never shown as 0.</summary>
    public static string Probability(double p) => p < 0.0001 ? "< 0.0001" : Format.Metric(p);
}
