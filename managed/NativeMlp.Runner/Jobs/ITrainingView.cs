// SPDX-License-Identifier: MIT
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs;

/// <summary>How a training run came out; null is what was not measured.</summary>
internal sealed record TrainingOutcome(
    TrainingStatus Status, long Steps, StepResult? Test, long Parameters, string WeightsSha256, string? Checkpoint);

/// <summary>Shows a training run as it happens.</summary>
internal interface ITrainingView
{
    void Begin(TrainingPlan plan, LoadedData data, Mlp mlp);

    /// <summary>Runs <paramref name="train"/> on the calling thread and shows what it reports.</summary>
    TrainingResult Watch(int epochs, Func<IProgress<EpochReport>, TrainingResult> train);

    void End(TrainingOutcome outcome);
}

/// <summary>Calls back on the reporting thread; Progress&lt;T&gt; would go through the pool and lose the order.</summary>
internal sealed class EpochObserver(Action<EpochReport> observe) : IProgress<EpochReport>
{
    public void Report(EpochReport value) => observe(value);
}
