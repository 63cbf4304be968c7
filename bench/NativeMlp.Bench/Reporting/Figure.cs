// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Bench.Measuring;

namespace NativeMlp.Bench.Reporting;

/// <summary>A quantity as each round measured it; arithmetic is done round by round, so that the spread of a ratio is the
/// spread of the ratio.</summary>
internal sealed record Figure(IReadOnlyList<double> Rounds, bool Disturbed = false)
{
    /// <summary>Stands in cells behind figures that a busy machine may have spoilt.</summary>
    public const string DisturbedMark = " †";

    public double Median => Sampler.Median(Rounds);

    public Figure Select(Func<double, double> function) => this with { Rounds = [.. Rounds.Select(function)] };

    /// <summary>Both quantities of each round together; null if either is missing.</summary>
    public static Figure? Zip(Figure? first, Figure? second, Func<double, double, double> function)
    {
        if (first is null || second is null || Math.Min(first.Rounds.Count, second.Rounds.Count) == 0) return null;
        return new Figure([.. first.Rounds.Zip(second.Rounds, function)], first.Disturbed || second.Disturbed);
    }

    /// <summary>The median, and the least and greatest round where there are several.</summary>
    public string Format(int digits = 3, string unit = "")
    {
        string text = Number(Median, digits) + unit;
        if (Rounds.Count > 1) text += $" ({Number(Rounds.Min(), digits)}..{Number(Rounds.Max(), digits)})";
        return Disturbed ? text + DisturbedMark : text;
    }

    public string FormatPercent(int decimals = 1)
    {
        string format = "F" + decimals.ToString(CultureInfo.InvariantCulture);
        string text = Percent(Median) + " %";
        if (Rounds.Count > 1) text += $" ({Percent(Rounds.Min())}..{Percent(Rounds.Max())})";
        return Disturbed ? text + DisturbedMark : text;

        string Percent(double value) => (100 * value).ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A number with so many significant digits, never with an exponent.</summary>
    public static string Number(double value, int digits = 3)
    {
        if (value == 0 || !double.IsFinite(value)) return value.ToString(CultureInfo.InvariantCulture);
        int decimals = Math.Max(0, digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))));
        return value.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
