// SPDX-License-Identifier: MIT
using System.Globalization;
using NativeMlp.Data;

namespace NativeMlp.Runner.Hosting;

/// <summary>
/// One setting: its key in the settings file and environment, its command-line option, what it
/// accepts and how its text is read. One list serves all three layers, so that they cannot differ.
/// </summary>
internal sealed record Setting(
    string Key, string Option, string HelpName, string Accepts, string Help, Func<RunnerSettings, string, bool> TryApply)
{
    public const int MaxEpochs = 1_000_000;
    public const int MaxBatch = 1 << 20;
    public const int MaxWidth = 1 << 20;
    public const int MaxThreads = 1024;

    public static Setting Data { get; } = new("Data", "--data", "NAME",
        "one of " + string.Join(", ", DataFolder.DataSetNames),
        "Data set: " + string.Join(", ", DataFolder.DataSetNames) + ".",
        (s, text) => Find(DataFolder.DataSetNames, text, out string? name) && Set(() => s.Data = name));

    public static Setting DataDir { get; } = new("DataDir", "--data-dir", "DIR", "a folder",
        "Folder with the data sets. Without it the two-dimensional sets are generated.",
        (s, text) => IsPath(text) && Set(() => s.DataDir = text));

    public static Setting Model { get; } = new("Model", "--model", "FILE", "a file",
        "Checkpoint that train has written (.safetensors).",
        (s, text) => IsPath(text) && Set(() => s.Model = text));

    public static Setting Hidden { get; } = new("Hidden", "--hidden", "N,N|none",
        $"widths from 1 to {MaxWidth} such as 256,128, or none",
        "Widths of the hidden layers, or none for the linear classifier. [default: 256; cifar10 50; two-dimensional sets 64]",
        (s, text) => TryWidths(text, out List<int> widths) && Set(() => s.Hidden = widths));

    public static Setting Optimizer { get; } = new("Optimizer", "--optimizer", "sgd|momentum|adam",
        "one of " + string.Join(", ", OptimizerNames),
        "How a step is made from a gradient. [default: adam]",
        (s, text) => Find(OptimizerNames, text, out string? name)
            && Set(() => s.Optimizer = (OptimizerKind)Array.IndexOf(OptimizerNames, name)));

    public static Setting Lr { get; } = new("Lr", "--lr", "X", "a finite float32 number greater than 0",
        "Learning rate. [default: adam 0.001, on the two-dimensional sets 0.01; sgd and momentum 0.1]",
        (s, text) => TryReal(text, out double x) && x > 0 && Set(() => s.Lr = x));

    public static Setting LrDecay { get; } = new("LrDecay", "--lr-decay", "X", "a number greater than 0 and at most 1",
        "Factor on the learning rate after each epoch. [default: 1]",
        (s, text) => TryReal(text, out double x) && x is > 0 and <= 1 && Set(() => s.LrDecay = x));

    public static Setting L2 { get; } = new("L2", "--l2", "X", "a finite float32 number of at least 0",
        "Weight penalty: adds X times the sum of squared weights to the loss. [default: 0]",
        (s, text) => TryReal(text, out double x) && x >= 0 && Set(() => s.L2 = x));

    public static Setting Batch { get; } = new("Batch", "--batch", "N", $"a whole number from 1 to {MaxBatch}",
        "Rows in a training step. [default: 128; two-dimensional sets 50]",
        (s, text) => TryWhole(text, 1, MaxBatch, out int n) && Set(() => s.Batch = n));

    public static Setting Epochs { get; } = new("Epochs", "--epochs", "N", $"a whole number from 1 to {MaxEpochs}",
        "Passes over the training rows. [default: 10; xor, circles, moons 100; spirals 300]",
        (s, text) => TryWhole(text, 1, MaxEpochs, out int n) && Set(() => s.Epochs = n));

    public static Setting Validation { get; } = new("Validation", "--validation", "FRACTION",
        "a number of at least 0 and less than 1",
        "Part of the training rows that is held back to measure on after each epoch. [default: 0]",
        (s, text) => TryReal(text, out double x) && x is >= 0 and < 1 && Set(() => s.Validation = x));

    public static Setting Seed { get; } = new("Seed", "--seed", "N", "a whole number from 0 to 18446744073709551615",
        "Seed of the initial weights, of the order of the rows and of the choice for --validation. [default: 1]",
        (s, text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong n) && Set(() => s.Seed = n));

    public static Setting Threads { get; } = new("Threads", "--threads", "N",
        $"a whole number from 0 (the machine's default) to {MaxThreads}",
        "Worker threads; 0 is what the machine offers. The result does not depend on it. [default: 0]",
        (s, text) => TryWhole(text, 0, MaxThreads, out int n) && Set(() => s.Threads = n));

    public static Setting Out { get; } = new("Out", "--out", "DIR", "a folder",
        "Folder for the checkpoint. [default: models]",
        (s, text) => IsPath(text) && Set(() => s.Out = text));

    public static IReadOnlyList<Setting> All { get; } =
        [Data, DataDir, Model, Hidden, Optimizer, Lr, LrDecay, L2, Batch, Epochs, Validation, Seed, Threads, Out];

    private static string[] OptimizerNames => ["sgd", "momentum", "adam"]; // in the order of OptimizerKind

    /// <summary>The name of the setting under <see cref="RunnerSettings.Section"/>, as configuration has it.</summary>
    public string Path => RunnerSettings.Section + ":" + Key;

    /// <summary>A sentence about a value that <see cref="TryApply"/> refused.</summary>
    public string Complaint(string origin, string text)
    {
        string hint = this == Data ? Similar.Hint(text, DataFolder.DataSetNames)
            : this == Optimizer ? Similar.Hint(text, OptimizerNames)
            : "";
        return $"{origin} is '{text}', but it must be {Accepts}{(hint.Length == 0 ? "." : hint)}";
    }

    private static bool Set(Action assign)
    {
        assign();
        return true;
    }

    private static bool Find(IEnumerable<string> names, string text, out string? name)
    {
        name = names.FirstOrDefault(n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        return name is not null;
    }

    private static bool IsPath(string text) => !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal);

    private static bool TryReal(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite((float)value);

    private static bool TryWhole(string text, int least, int most, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;

    private static bool TryWidths(string text, out List<int> widths)
    {
        widths = [];
        if (text.Equals("none", StringComparison.OrdinalIgnoreCase))
            return true;
        foreach (string part in text.Split(','))
        {
            if (!TryWhole(part.Trim(), 1, MaxWidth, out int width))
                return false;
            widths.Add(width);
        }
        return true;
    }
}
