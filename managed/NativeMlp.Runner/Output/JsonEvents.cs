// SPDX-License-Identifier: MIT
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NativeMlp.Runner.Output;

/// <summary>The first line of train: the network, the data, and all settings.</summary>
/// <param name="Event">Always <c>run</c>.</param>
/// <param name="Schema">The schema version of all lines: 1. It increases if the meaning of a name changes, which has not happened yet.</param>
/// <param name="Run">The folder of the run.</param>
/// <param name="Data">The built-in data set, or the path of the table.</param>
/// <param name="Network">The layers, such as 784-256-10.</param>
/// <param name="Networks">The number of networks that predict together.</param>
/// <param name="Optimizer">The optimizer.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Epochs">The maximum number of passes of each network over the training rows.</param>
/// <param name="StepsPerEpoch">The number of steps in an epoch.</param>
/// <param name="Rows">The number of training rows.</param>
/// <param name="EpochsBefore">The number of epochs that were completed before an interruption.</param>
/// <param name="Settings">All settings, as in config.json.</param>
internal sealed record RunEvent(
    string Event, int Schema, string Run, string Data, string Network, int Networks, string Optimizer, string Seed, int Epochs, long StepsPerEpoch, int Rows, int EpochsBefore,
    JsonElement Settings);

/// <summary>The lines of --json. Other programs read them, so names never change.</summary>
/// <param name="Event">Always <c>epoch</c>.</param>
/// <param name="Network">The index of the network of a table model; absent for a built-in data set, which has one network.</param>
/// <param name="Epoch">The number of the epoch, from 1.</param>
/// <param name="Step">The number of steps since the start of the run.</param>
/// <param name="TrainLoss">The mean loss of the epoch, measured before each step.</param>
/// <param name="TrainAccuracy">The accuracy on the rows of the epoch, measured before each step.</param>
/// <param name="ValLoss">The loss on the validation rows after the epoch.</param>
/// <param name="ValAccuracy">The accuracy on the validation rows after the epoch.</param>
/// <param name="Lr">The learning rate of the last step.</param>
/// <param name="SamplesPerSecond">Rows per second of training.</param>
/// <param name="ElapsedS">Seconds since the start of the run.</param>
internal sealed record EpochEvent(
    string Event, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Network, int Epoch, long Step, double? TrainLoss, double? TrainAccuracy, double? ValLoss, double? ValAccuracy,
    double? Lr, double? SamplesPerSecond, double? ElapsedS);

internal sealed record ResultEvent(
    string Event, string Status, double? TestLoss, double? TestAccuracy, long Parameters, string WeightsSha256,
    string? Checkpoint)
{
    public double? TestAuc { get; init; }
    public double? TestLogLoss { get; init; }
    public double? TestR2 { get; init; }
    public double? TestRmse { get; init; }
    public double? TestMae { get; init; }
    public string? Model { get; init; }

    /// <summary>The folder of the run.</summary>
    public string? Run { get; init; }
}

/// <summary>The test results of a fold.</summary>
internal sealed record FoldEvent(
    string Event, int Fold, double? TestLoss, double? TestAccuracy, double? TestAuc, double? TestLogLoss, double? TestR2, double? TestRmse, double? TestMae);

/// <summary>Means and sample standard deviations over the folds.</summary>
internal sealed record FoldsEvent(
    string Event, int Folds, double? Accuracy, double? AccuracyDeviation, double? Auc, double? AucDeviation, double? LogLoss, double? LogLossDeviation,
    double? R2, double? R2Deviation, double? Rmse, double? RmseDeviation, double? Mae, double? MaeDeviation);

internal sealed record PredictionEvent(string Event, int Row, int Class, double? Probability);

internal sealed record GradcheckEvent(
    string Event, string Tensor, double? NumericError, double? NativeError, bool Passed, WorstElement Worst,
    int Compared, int Kinks, int Uncertain);

/// <summary>The element of the native gradient that differs most from the reference.</summary>
internal sealed record WorstElement(int Row, int Column, double? Expected, double? Actual);

internal sealed record GradcheckResultEvent(
    string Event, string Status, bool Passed, double? NumericError, double NumericLimit, double? NativeError, double NativeLimit);

internal sealed record InfoEvent(
    string Event, string Version, string NativeVersion, int AbiVersion, string Isa, IReadOnlyList<string> IsaAvailable,
    int Threads, string ParallelBackend, string? LibraryPath, string Rid, string Framework, int Processors, string Compiler);

/// <summary>A file written by export.</summary>
internal sealed record ExportedEvent(string Event, string File, long Bytes);

/// <summary>A model created by import.</summary>
internal sealed record ImportedEvent(string Event, string Model, int Inputs, IReadOnlyList<int> Hidden, int Outputs, string Loss, long Parameters);

/// <summary>The result of verify for one instruction set and number of threads. If nothing could be trained, <c>WeightsSha256</c> is
/// null and <c>Error</c> contains the reason.</summary>
internal sealed record VerifyEvent(
    string Event, string System, string Processor, string Isa, int Threads, string Compiler, string? WeightsSha256, string ExpectedSha256,
    bool Same, IReadOnlyList<VerifiedRun> Runs, string? Error)
{
    public const string Name = "verify";
}

internal sealed record VerifiedRun(string Run, string WeightsSha256, bool Same);

internal sealed record VerifyResultEvent(string Event, string Status, bool Same);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(EpochEvent))]
[JsonSerializable(typeof(ResultEvent))]
[JsonSerializable(typeof(FoldEvent))]
[JsonSerializable(typeof(FoldsEvent))]
[JsonSerializable(typeof(PredictionEvent))]
[JsonSerializable(typeof(GradcheckEvent))]
[JsonSerializable(typeof(GradcheckResultEvent))]
[JsonSerializable(typeof(InfoEvent))]
[JsonSerializable(typeof(ExportedEvent))]
[JsonSerializable(typeof(ImportedEvent))]
[JsonSerializable(typeof(VerifyEvent))]
[JsonSerializable(typeof(VerifyResultEvent))]
internal sealed partial class JsonEventContext : JsonSerializerContext;

/// <summary>Writes events to standard output, one line each.</summary>
internal static class JsonLines
{
    public static JsonEventContext Types => JsonEventContext.Default;

    public static void Write<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        Console.Out.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>JSON has neither NaN nor infinity, so they become null.</summary>
    public static double? Finite(double? value) => value is { } x && double.IsFinite(x) ? x : null;
}
