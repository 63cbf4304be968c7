// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Runner.Settings;

/// <summary>Determines when the state of a run is saved: after a number of steps, after a time, or after each epoch.</summary>
/// <param name="Steps">The number of steps between two states; 0 for none.</param>
/// <param name="Time">The time between two states; zero for none.</param>
internal sealed record CheckpointInterval(long Steps, TimeSpan Time)
{
    private const string Epoch = "epoch";

    /// <summary>The default: little work is lost, and the cost is negligible.</summary>
    public static CheckpointInterval Default { get; } = new(0, TimeSpan.FromSeconds(10));

    public bool IsEpoch => Steps == 0 && Time == TimeSpan.Zero;

    /// <summary>Reads 500, 30s, 5m, 1h or epoch.</summary>
    public static bool TryParse(string text, out CheckpointInterval interval)
    {
        interval = new CheckpointInterval(0, TimeSpan.Zero);
        if (text.Equals(Epoch, StringComparison.OrdinalIgnoreCase))
            return true;
        long seconds = text.Length == 0 ? 0 : char.ToLowerInvariant(text[^1]) switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 };
        string digits = seconds == 0 ? text : text[..^1];
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1 || number * seconds > int.MaxValue / 1000)
            return false;
        interval = seconds == 0 ? interval with { Steps = number } : interval with { Time = TimeSpan.FromSeconds(number * seconds) };
        return true;
    }

    /// <summary>Returns the text in the form that <see cref="TryParse"/> reads.</summary>
    public override string ToString() => IsEpoch ? Epoch
        : Steps > 0 ? Steps.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{(long)Time.TotalSeconds}s");
}
