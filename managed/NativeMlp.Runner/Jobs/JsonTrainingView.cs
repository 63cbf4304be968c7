// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Live;
using NativeMlp.Runner.Runs;
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs;

/// <summary>A training run as JSON lines.</summary>
internal sealed class JsonTrainingView : ITrainingView
{
    public IReadOnlyList<IRunObserver> Observers { get; } = [new JsonStart()];

    public void Begin(TrainingPlan plan, LoadedData data, Mlp mlp)
    {
    }

    public TrainingResult Watch(int epochs, Func<IProgress<EpochReport>, TrainingResult> train) =>
        train(new EpochObserver(Write));

    public void End(TrainingOutcome outcome) => JsonLines.Write(outcome.ToEvent(), JsonLines.Types.ResultEvent);

    private static void Write(EpochReport r) => JsonLines.Write(
        new EpochEvent("epoch", r.Epoch, r.Step, JsonLines.Finite(r.TrainLoss), JsonLines.Finite(r.TrainAccuracy),
            JsonLines.Finite(r.ValidationLoss), JsonLines.Finite(r.ValidationAccuracy), JsonLines.Finite(r.LearningRate),
            JsonLines.Finite(r.SamplesPerSecond), r.Elapsed.TotalSeconds),
        JsonLines.Types.EpochEvent);
}
