// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Runner.Output;

/// <summary>Formats numbers for display, independently of the culture.</summary>
internal static class Format
{
    private const string Undefined = "–";

    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Threads(int count) => count == 1 ? "1 thread" : Count(count) + " threads";

    public static string Real(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    public static string Loss(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "";

    public static string Accuracy(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Formats a share or a loss; a dash if it is undefined.</summary>
    public static string Metric(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? Undefined;

    /// <summary>Formats a number in the units of the target; a dash if it is undefined.</summary>
    public static string Measured(double? value) => value is { } x ? Real(x) : Undefined;

    public static string Percent(double share) => (100 * share).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    public static string Seconds(TimeSpan value) => value.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";

    public static string Error(double value) => value.ToString("0.0E+00", CultureInfo.InvariantCulture);

    /// <summary>Returns the layers in the form 784-256-10.</summary>
    public static string Shape(int inputs, IEnumerable<int> hidden, int outputs) =>
        string.Join('-', hidden.Prepend(inputs).Append(outputs));
}
