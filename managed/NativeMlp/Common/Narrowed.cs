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
    public static void NotNegative(double value, string owner, string name, float greatest = Greatest)
    {
        if (!(value >= 0 && (float)value <= greatest) || IsLost(value))
            Refuse(value, owner, name, FormattableString.Invariant($"a number from 0 to {greatest}"));
    }

    /// <summary>From 0 to 1, 1 not included.</summary>
    public static void Fraction(double value, string owner, string name)
    {
        if (!(value >= 0 && (float)value < 1) || IsLost(value)) Refuse(value, owner, name, "at least 0 and less than 1");
    }

    /// <summary>From 0 to 1.</summary>
    public static void UpToOne(double value, string owner, string name)
    {
        if (!(value is >= 0 and <= 1) || IsLost(value)) Refuse(value, owner, name, "from 0 to 1");
    }

    /// <summary>Greater than 0, and allowed otherwise.</summary>
    public static void Positive(double value, string owner, string name, bool allowed, string range)
    {
        if (!(value > 0 && allowed) || IsLost(value)) Refuse(value, owner, name, range);
    }

    private static bool IsLost(double value) => value != 0 && !(MathF.Abs((float)value) >= Least); // 0 or denormal

    private static void Refuse(double value, string owner, string name, string range)
    {
        float used = (float)value;
        if (used == value || double.IsNaN(value))
            Throw.OutOfRange($"{owner}{name} is {value}; it must be {range}.");
        Throw.OutOfRange($"{owner}{name} is {value}, which as float32 is {used}; it must be {range}{(IsLost(value) ? ", and not below the least normal float32, 1.2e-38" : "")}.");
    }
}
