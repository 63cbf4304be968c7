// SPDX-License-Identifier: MIT
using System.Text.Json;
using NativeMlp.Runner.Runs;

namespace NativeMlp.Runner.Reports.Records;

/// <summary>The results of an epoch of a network. A value is null if it was not measured or is not finite.</summary>
internal sealed record EpochFigures(
    int Network, int Epoch, long Step, double? Loss, double? Accuracy, double? ValidationLoss, double? ValidationAccuracy, double? LearningRate,
    double? Seconds, double? RowsPerSecond);

/// <summary>How a run ended.</summary>
internal sealed record RunResult(string Status, double? TestLoss, double? TestAccuracy, long? Parameters, string? WeightsSha256);

/// <summary>The content of <c>metrics.jsonl</c>.</summary>
/// <param name="Epochs">The epochs, in the order of the file.</param>
/// <param name="Result">The result; null during the run, or if the run was killed.</param>
internal sealed record HistoryRecord(IReadOnlyList<EpochFigures> Epochs, RunResult? Result)
{
    /// <summary>The number of networks that have completed an epoch.</summary>
    public int Networks => Epochs.Select(epoch => epoch.Network).Distinct().Count();

    /// <summary>The time from the start of the run to the last epoch of any network; null if it is unknown.</summary>
    public double? Seconds => Epochs.Max(epoch => epoch.Seconds);

    /// <summary>Reads the file. A damaged or incomplete line is skipped: the run may be writing it, may have been killed, or the disk was full.
    /// If a resumed run has written an epoch twice, the last line counts.</summary>
    public static HistoryRecord Read(string folder)
    {
        string path = Path.Combine(folder, RunFolder.Metrics);
        if (!File.Exists(path))
            return new HistoryRecord([], null);
        SortedDictionary<(int Network, int Epoch), EpochFigures> epochs = [];
        RunResult? result = null;
        foreach (string text in ReadShared(path).Split('\n'))
        {
            if (string.IsNullOrWhiteSpace(text))
                continue;
            try
            {
                using JsonDocument line = JsonDocument.Parse(text);
                JsonElement root = line.RootElement;
                switch (root.GetProperty("event").GetString())
                {
                    case "epoch" when Number(root, "fold") is null or 0: // the epochs of folds are not part of the curves
                        EpochFigures epoch = ReadEpoch(root);
                        epochs[(epoch.Network, epoch.Epoch)] = epoch;
                        result = null; // the run was resumed
                        break;
                    case "result":
                        result = ReadResult(root);
                        break;
                    default:
                        break; // newer versions may write other events
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
            {
                // Only the content of this line is lost.
            }
        }

        return new HistoryRecord([.. epochs.Values], result);
    }

    // Its writer may have the file open.
    private static string ReadShared(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(file);
        return reader.ReadToEnd();
    }

    private static EpochFigures ReadEpoch(JsonElement line) => new(
        (int?)Number(line, "network") ?? 0, line.GetProperty("epoch").GetInt32(), line.GetProperty("step").GetInt64(), Number(line, "loss"), Number(line, "accuracy"),
        Number(line, "validation_loss"), Number(line, "validation_accuracy"), Number(line, "learning_rate"), Number(line, "seconds"), Number(line, "rows_per_second"));

    private static RunResult ReadResult(JsonElement line) => new(
        line.GetProperty("status").GetString() ?? "", Number(line, "test_loss"), Number(line, "test_accuracy"), (long?)Number(line, "parameters"),
        line.TryGetProperty("weights_sha256", out JsonElement hash) ? hash.GetString() : null);

    private static double? Number(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
