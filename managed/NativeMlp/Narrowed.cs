// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>Options are doubles, the arithmetic is float32: what is judged is the float next to a value, which is used.</summary>
internal static class Narrowed
{
    /// <summary>The least positive float of full precision.</summary>
    public const float Least = 1.17549435e-38f;

    /// <summary>The greatest learning rate, penalty or limit.</summary>
    public const float Greatest = 1e38f;

    /// <summary>From 0 to <paramref name="greatest"/>.</summary>
    public static void NotNegative(double value, string name, float greatest = Greatest) =>
        Require(value >= 0 && (float)value <= greatest, value, name, FormattableString.Invariant($"a number from 0 to {greatest}"));

    /// <summary>From 0 to 1, 1 not included.</summary>
    public static void Fraction(double value, string name) =>
        Require(value >= 0 && (float)value < 1, value, name, "at least 0 and less than 1");

    /// <summary>From 0 to 1.</summary>
    public static void UpToOne(double value, string name) => Require(value is >= 0 and <= 1, value, name, "from 0 to 1");

    /// <summary>As <see cref="NotNegative"/> and the like, but not 0.</summary>
    public static void Positive(double value, string name, bool allowed, string range) =>
        Require(value > 0 && allowed, value, name, range);

    private static void Require(bool inRange, double value, string name, string range)
    {
        float used = (float)value;
        bool lost = value != 0 && !(MathF.Abs(used) >= Least); // 0 or denormal
        if (inRange && !lost) return;
        if (used == value || double.IsNaN(value))
            Throw.OutOfRange($"{name} is {value}; it must be {range}.");
        Throw.OutOfRange($"{name} is {value}, which as float32 is {used}; it must be {range}{(lost ? ", and not below the least normal float32, 1.2e-38" : "")}.");
    }
}
