// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;
using NativeMlp.Data;
using NativeMlp.Runner.Hosting;
using NativeMlp.Runner.Views;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Runner.Commands;

/// <summary>Trains one network on one data set, saves it and measures it on the test rows.</summary>
internal sealed class TrainJob(IOptions<RunnerSettings> settings, OutputMode mode) : IJob
{
    public int Run(CancellationToken stop)
    {
        TrainingPlan plan = TrainingPlan.From(settings.Value);
        LoadedData data = LoadedData.Load(plan.Data, plan.DataDir).HoldBack(plan.Validation, plan.Training.Seed);
        data = plan.Preset?.Apply(data) ?? data;
        if (plan.Training.BatchSize > data.Train.Count)
            throw RunnerException.Usage($"{Setting.Batch.Option} {plan.Training.BatchSize} is larger than the data set: {plan.Data} has {data.Train.Count} training rows.");
        string checkpoint = CheckpointFile.Prepare(plan);

        using Mlp mlp = Create(plan, data.Train);
        ITrainingView view = mode.Json ? new JsonTrainingView() : new ConsoleTrainingView(Terminal.Create());
        view.Begin(plan, data, mlp);
        TrainingResult result = view.Watch(plan.EpochsFor(data.Train.Count), progress => Train(mlp, data, plan, progress, stop));
        if (result.Status == TrainingStatus.Interrupted)
            checkpoint = CheckpointFile.Interrupted(checkpoint);
        view.End(Finish(mlp, data, plan, result, checkpoint));
        return Explain(result, plan, checkpoint);
    }

    public static Mlp Create(TrainingPlan plan, Dataset train) => new(plan.NetworkFor(train));

    public static TrainingResult Train(
        Mlp mlp, LoadedData data, TrainingPlan plan, IProgress<EpochReport> progress, CancellationToken stop) =>
        Trainer.Train(mlp, data.Train, plan.Training, data.Validation, progress, cancellationToken: stop);

    // A diverged model is not saved: it is worth nothing and might replace one that is.
    // An interrupted run does not measure: whoever interrupts does not want to wait.
    private static TrainingOutcome Finish(Mlp mlp, LoadedData data, TrainingPlan plan, TrainingResult result, string checkpoint)
    {
        bool saved = result.Status != TrainingStatus.Diverged;
        if (saved)
            CheckpointFile.Save(mlp, checkpoint, Describe(data.Train, plan, result));
        StepResult? test = result.Status is TrainingStatus.Done or TrainingStatus.StoppedEarly
            ? mlp.Evaluate(data.Test.AsBatch(), plan.Network.Threads) : null;
        return new TrainingOutcome(result.Status, result.Steps, test, mlp.ParameterCount,
            Checkpoint.WeightsSha256(mlp), saved ? checkpoint : null);
    }

    private static int Explain(TrainingResult result, TrainingPlan plan, string checkpoint) => result.Status switch
    {
        TrainingStatus.Interrupted => Failure.Report(ExitCodes.Interrupted,
            $"{result.Message} The model is saved in {checkpoint}."),
        TrainingStatus.Diverged => Failure.Report(ExitCodes.Diverged,
            $"{result.Message.TrimEnd('.')}, for example --lr {Format.Real(plan.Training.Optimizer.LearningRate / 10)}. Nothing was saved."),
        _ => ExitCodes.Done,
    };

    private static CheckpointInfo Describe(Dataset train, TrainingPlan plan, TrainingResult result) => new()
    {
        DataSet = plan.Data,
        Mean = train.Mean.ToArray(),
        Scale = train.Scale,
        Seed = plan.Training.Seed,
        Epochs = result.Epochs.Count,
    };
}
