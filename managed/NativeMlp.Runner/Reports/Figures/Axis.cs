// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Runner.Reports.Figures;

/// <summary>An axis with round numbers.</summary>
internal sealed class Axis
{
    private const int MostTicks = 6;
    private const double LeastRange = 1e-8;
    private const double SmallTick = 1e-4;
    private const double LargeTick = 1e5;
    private const double ConstantMargin = 0.1;
    private static readonly double[] s_factors = [1, 2, 5, 10];

    private readonly int _decimals;
    private readonly int _significantDecimals;

    private Axis(double least, double most, double unit)
    {
        (Least, Most) = (least, most);
        _decimals = Math.Clamp(-Magnitude(unit), 0, 9);
        _significantDecimals = Math.Clamp(Magnitude(Math.Max(Math.Abs(least), Math.Abs(most))) - Magnitude(unit), 0, 15);
        int first = (int)Math.Ceiling((least / unit) - LeastRange), last = (int)Math.Floor((most / unit) + LeastRange);
        Ticks = [.. Enumerable.Range(0, last - first + 1).Select(i => (first + i) * unit)];
    }

    /// <summary>From 0 to 1.</summary>
    public static Axis Share { get; } = new(0, 1, 0.2);

    public double Least { get; }

    public double Most { get; }

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Returns an axis from a round number at or below the minimum of the values to one at or above the maximum.</summary>
    public static Axis Covering(IEnumerable<double> values)
    {
        (double least, double most) = RangeOf(values);
        double unit = Unit(least, most);
        return new Axis(Math.Floor((least / unit) + LeastRange) * unit, Math.Ceiling((most / unit) - LeastRange) * unit, unit);
    }

    /// <summary>Returns an axis from the minimum of the values to the maximum, with ticks at round numbers.</summary>
    public static Axis From(IEnumerable<double> values)
    {
        (double least, double most) = RangeOf(values);
        return new Axis(least, most, Unit(least, most));
    }

    /// <summary>Returns an axis between two whole numbers, such as epoch numbers.</summary>
    public static Axis Counting(double first, double last) =>
        last > first ? new Axis(first, last, Math.Max(1, Unit(first, last))) : new Axis(first - 0.5, first + 0.5, 1);

    public double ShareOf(double value) => (value - Least) / (Most - Least);

    /// <summary>All ticks of an axis have the same number of decimals: 0.10, 0.15, 0.20.</summary>
    public string Label(double tick) => Math.Max(Math.Abs(Least), Math.Abs(Most)) is < SmallTick or >= LargeTick
        ? tick.ToString($"0.{new string('#', _significantDecimals)}E+0", CultureInfo.InvariantCulture)
        : (tick == 0 ? 0 : tick).ToString("N" + _decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    // The exponent of the power of ten at or below the value, which may be a little smaller than it should be.
    private static int Magnitude(double value) => (int)Math.Floor(Math.Log10(value * 1.0001));

    private static (double Least, double Most) RangeOf(IEnumerable<double> values)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0)
            return (0, 1);
        (double least, double most) = (finite.Min(), finite.Max());
        double size = Math.Max(Math.Abs(least), Math.Abs(most));
        double margin = most - least > size * LeastRange ? 0 : size > 0 ? size * ConstantMargin : ConstantMargin;
        return (least - margin, most + margin);
    }

    // 1, 2 or 5 times a power of ten.
    private static double Unit(double least, double most)
    {
        double range = most - least;
        double power = Math.Pow(10, Math.Floor(Math.Log10(range / MostTicks)));
        return s_factors.Select(factor => factor * power).First(unit => unit * MostTicks >= range);
    }
}
