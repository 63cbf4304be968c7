// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs;

/// <summary>How a training run came out; null is what was not measured.</summary>
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

/// <summary>What the result line calls the end of a run. Other programs read it: it never changes.</summary>
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
