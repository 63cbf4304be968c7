// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs;

/// <summary>The results of a training run. A value is null if it was not measured.</summary>
internal sealed record TrainingOutcome(
    TrainingStatus Status, StepResult? Test, long Parameters, string WeightsSha256, string? Checkpoint, string Run)
{
    public TestScores Scores { get; init; } = TestScores.None;

    public ResultEvent ToEvent() => new(
        "result", ResultStatus.Of(Status), JsonLines.Finite(Test?.Loss), JsonLines.Finite(Test?.Accuracy), Parameters, WeightsSha256, Checkpoint)
    {
        TestAuc = Scores.Auc,
        TestLogLoss = Scores.LogLoss,
        Model = Checkpoint,
        Run = Run,
    };
}

/// <summary>The status of a run in the result line. Other programs read it, so it never changes.</summary>
internal static class ResultStatus
{
    public static string Of(TrainingStatus status) => status switch
    {
        TrainingStatus.Completed => "done",
        TrainingStatus.Canceled => "interrupted",
        TrainingStatus.StoppedEarly => "stopped_early",
        _ => "diverged",
    };
}
