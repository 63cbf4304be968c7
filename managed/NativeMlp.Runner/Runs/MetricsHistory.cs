// SPDX-License-Identifier: MIT
using System.Text;
using System.Text.Json;
using NativeMlp.State;
using NativeMlp.Storage;

namespace NativeMlp.Runner.Runs;

/// <summary>The metrics of an interrupted run up to the state that it resumes from. Later lines are left out, because the resumed run
/// writes them again.</summary>
/// <param name="Lines">The lines up to the state.</param>
/// <param name="Seconds">The time that the run had taken by then.</param>
/// <param name="Epochs">The number of epochs that all networks of the model together had completed by then.</param>
internal sealed record MetricsHistory(IReadOnlyList<string> Lines, TimeSpan Seconds, int Epochs)
{
    public static MetricsHistory None { get; } = new([], TimeSpan.Zero, 0);

    /// <summary>Reads a file of metrics.</summary>
    /// <param name="path">The file, which need not exist.</param>
    /// <param name="fold">The fold that the state belongs to, from 1; 0 for the final model.</param>
    /// <param name="networks">The state of each network; null for a network whose training has not begun.</param>
    /// <param name="goesOn">Whether the run goes on with further steps. An epoch that a limit of steps ended in its middle
    /// does not count as completed then.</param>
    public static MetricsHistory Read(string path, int fold, IReadOnlyList<TrainingState?> networks, bool goesOn)
    {
        if (!File.Exists(path))
            return None;
        List<string> lines = [];
        double seconds = 0;
        int epochs = 0;
        foreach (string line in File.ReadLines(path))
        {
            if (TryParse(line) is not { } e || !Precedes(e, fold, networks, goesOn))
                continue;
            lines.Add(line);
            seconds = Math.Max(seconds, e.Seconds);
            if (e.Name == "epoch" && e.Fold == fold)
                epochs++;
        }

        return new MetricsHistory(lines, TimeSpan.FromSeconds(seconds), epochs);
    }

    /// <summary>Writes the lines.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(string.Concat(Lines.Select(line => line + "\n"))));

    private static bool Precedes(Line line, int fold, IReadOnlyList<TrainingState?> networks, bool goesOn) => line.Name switch
    {
        "fold" => fold == 0 || line.Fold < fold,
        "epoch" or "step" when line.Fold != fold => line.Fold > 0 && (fold == 0 || line.Fold < fold),
        "epoch" or "step" => line.Network < networks.Count && networks[line.Network] is { } state
            && line.Step <= state.Position.Step && !(goesOn && IsCut(line, state)),
        _ => false, // the result
    };

    private static bool IsCut(Line line, TrainingState state) =>
        line.Name == "epoch" && line.Step == state.Position.Step && state.Position.Row < state.Train.Rows;

    // Null if the text is not a line of metrics, such as an incomplete line after a crash.
    private static Line? TryParse(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            return root.GetProperty("event").GetString() is { } name
                ? new Line(name, (int)Number(root, "fold"), (int)Number(root, "network"), (long)Number(root, "step"), Number(root, "seconds")) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    private static double Number(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;

    private sealed record Line(string Name, int Fold, int Network, long Step, double Seconds);
}
