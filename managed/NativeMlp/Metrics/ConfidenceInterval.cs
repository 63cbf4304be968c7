// SPDX-License-Identifier: MIT
namespace NativeMlp.Metrics;

/// <summary>A 95 % confidence interval.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
public readonly record struct ConfidenceInterval(double Low, double High)
{
    /// <summary>Returns Wilson's interval of the probability of success for <paramref name="successes"/> in <paramref name="trials"/>:
    /// <c>(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)</c> with <c>z = 1.96</c>.</summary>
    /// <param name="successes">The number of successes.</param>
    /// <param name="trials">The number of trials.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no trials, or more successes than trials.</exception>
    public static ConfidenceInterval OfProportion(long successes, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        const double z = StudentT.Normal;
        double n = trials, p = successes / n;
        double center = p + (z * z / (2 * n));
        double half = z * Math.Sqrt((p * (1 - p) / n) + (z * z / (4 * n * n)));
        double scale = 1 + (z * z / n);
        return new ConfidenceInterval(Math.Max((center - half) / scale, 0), Math.Min((center + half) / scale, 1));
    }
}
