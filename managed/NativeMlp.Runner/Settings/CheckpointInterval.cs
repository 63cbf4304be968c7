// SPDX-License-Identifier: MIT
using System.Globalization;

namespace NativeMlp.Runner.Settings;

/// <summary>When the state of a run is saved: after so many steps, after so much time, or after each epoch.</summary>
/// <param name="Steps">Steps from one state to the next; 0 for none.</param>
/// <param name="Time">Time from one state to the next; zero for none.</param>
internal sealed record CheckpointInterval(long Steps, TimeSpan Time)
{
    private const string Epoch = "epoch";

    /// <summary>Often enough that little is lost, and seldom enough that nobody notices.</summary>
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

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => IsEpoch ? Epoch
        : Steps > 0 ? Steps.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{(long)Time.TotalSeconds}s");
}
