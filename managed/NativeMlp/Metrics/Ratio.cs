// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>Quotients that may be undefined.</summary>
internal static class Ratio
{
    /// <summary><paramref name="part"/> over <paramref name="whole"/>; null where that is not a finite number.</summary>
    public static double? Of(double part, double whole) => Finite(part / whole);

    /// <summary>The value, or null where it is infinite or NaN.</summary>
    public static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
