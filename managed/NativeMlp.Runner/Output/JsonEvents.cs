// SPDX-License-Identifier: MIT
using System.Text.Json;
using System.Text.Json.Serialization;

namespace NativeMlp.Runner.Output;

/// <summary>The first line of train: what is trained on what, with every setting.</summary>
/// <param name="Event">Always <c>run</c>.</param>
/// <param name="Schema">The version of all lines: 1. It grows when a name changes its meaning, which none has yet.</param>
/// <param name="Run">The folder of the run.</param>
/// <param name="Data">The built-in data set, or the path of the table.</param>
/// <param name="Network">784-256-10</param>
/// <param name="Networks">Networks that answer together.</param>
/// <param name="Optimizer">How a step is made from a gradient.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Epochs">Passes over the training rows that each network makes at most.</param>
/// <param name="StepsPerEpoch">Steps of an epoch.</param>
/// <param name="Rows">Training rows.</param>
/// <param name="EpochsBefore">Epochs that were completed before an interruption.</param>
/// <param name="Settings">All settings, as config.json has them.</param>
internal sealed record RunEvent(
    string Event, int Schema, string Run, string Data, string Network, int Networks, string Optimizer, string Seed, int Epochs, long StepsPerEpoch, int Rows, int EpochsBefore,
    JsonElement Settings);

/// <summary>The lines of --json. Other programs read them: names are never changed.</summary>
/// <param name="Event">Always <c>epoch</c>.</param>
/// <param name="Network">Which of the networks of a model of a table; of a built-in data set there is one, which is not named.</param>
/// <param name="Epoch">Which, from 1.</param>
/// <param name="Step">Steps since the start of the run.</param>
/// <param name="TrainLoss">On the epoch's rows, before the step of each.</param>
/// <param name="TrainAccuracy">On the epoch's rows, before the step of each.</param>
/// <param name="ValLoss">On the validation rows, after the epoch.</param>
/// <param name="ValAccuracy">On the validation rows, after the epoch.</param>
/// <param name="Lr">Of the last step.</param>
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

/// <summary>What the model of a fold reached on the fold's rows.</summary>
internal sealed record FoldEvent(
    string Event, int Fold, double? TestLoss, double? TestAccuracy, double? TestAuc, double? TestLogLoss, double? TestR2, double? TestRmse, double? TestMae);

/// <summary>Means and sample standard deviations over folds.</summary>
internal sealed record FoldsEvent(
    string Event, int Folds, double? Accuracy, double? AccuracyDeviation, double? Auc, double? AucDeviation, double? LogLoss, double? LogLossDeviation,
    double? R2, double? R2Deviation, double? Rmse, double? RmseDeviation, double? Mae, double? MaeDeviation);

internal sealed record PredictionEvent(string Event, int Row, int Class, double? Probability);

internal sealed record GradcheckEvent(
    string Event, string Tensor, double? NumericError, double? NativeError, bool Passed, WorstElement Worst,
    int Compared, int Kinks, int Uncertain);

/// <summary>The native gradient's element that is furthest from the reference's.</summary>
internal sealed record WorstElement(int Row, int Column, double? Expected, double? Actual);

internal sealed record GradcheckResultEvent(
    string Event, string Status, bool Passed, double? NumericError, double NumericLimit, double? NativeError, double NativeLimit);

internal sealed record InfoEvent(
    string Event, string Version, string NativeVersion, int AbiVersion, string Isa, IReadOnlyList<string> IsaAvailable,
    int Threads, string ParallelBackend, string? LibraryPath, string Rid, string Framework, int Processors, string Compiler);

/// <summary>A file that export has written.</summary>
internal sealed record ExportedEvent(string Event, string File, long Bytes);

/// <summary>A model that import has made.</summary>
internal sealed record ImportedEvent(string Event, string Model, int Inputs, IReadOnlyList<int> Hidden, int Outputs, string Loss, long Parameters);

/// <summary>What verify found on one instruction set with one number of threads. <c>WeightsSha256</c> is null, and <c>Error</c> says
/// why, where nothing could be trained.</summary>
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

    /// <summary>JSON has no NaN and no infinity: both are null.</summary>
    public static double? Finite(double? value) => value is { } x && double.IsFinite(x) ? x : null;
}
