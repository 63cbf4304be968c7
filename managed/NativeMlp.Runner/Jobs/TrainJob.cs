// SPDX-License-Identifier: MIT
using Microsoft.Extensions.Options;
using NativeMlp.Data;
using NativeMlp.Runner.Jobs.Tables;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Live;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;
using NativeMlp.Storage;
using NativeMlp.Training;

namespace NativeMlp.Runner.Jobs;

/// <summary>Trains a network on a built-in data set, or a table model. Saves it and evaluates it on the test rows.</summary>
internal sealed class TrainJob(IOptions<RunnerSettings> settings, OutputMode mode) : IJob
{
    private const double MostAdvisedRate = 0.1;

    private volatile bool _mustFinish;
    private volatile TableTrainJob? _table;

    public bool MustFinish => _table?.MustFinish ?? _mustFinish;

    public int Run(CancellationToken stop)
    {
        RunSettings.CheckResume(settings.Value);
        if (TableInput.IsFile(settings.Value.Data))
        {
            _table = new TableTrainJob(settings.Value, mode);
            return _table.Run(stop);
        }

        TableInput.RefuseWithoutTable(settings.Value);
        TrainingPlan plan = TrainingPlan.From(settings.Value);
        ReportObserver.CompileAhead();
        LoadedData data = LoadedData.Load(plan.Data, plan.DataDir).HoldBack(plan.Validation, plan.Training.Seed);
        foreach (string warning in data.Warnings)
            Failure.Warn(warning);
        data = plan.Preset is { } preset ? data.ArrangeFor(preset) : data;
        plan = plan.FitTo(data);
        using RunFolder folder = RunFolder.Claim(settings.Value, plan.Data);
        using Mlp mlp = Create(plan, data.Train);
        _mustFinish = true;
        stop.ThrowIfCancellationRequested();
        return Run(plan, data, mlp, folder, stop);
    }

    public static Mlp Create(TrainingPlan plan, Dataset train) => new(plan.NetworkFor(train));

    public static TrainingResult Train(
        Mlp mlp, LoadedData data, TrainingPlan plan, IProgress<EpochReport> progress, CancellationToken stop) =>
        Trainer.Train(mlp, data.Train, plan.Training, data.Validation, progress, cancellationToken: stop);

    private int Run(TrainingPlan plan, LoadedData data, Mlp mlp, RunFolder folder, CancellationToken stop)
    {
        using ConsoleTrainingView? view = mode.Json || settings.Value.Quiet ? null : new(Terminal.Create());
        IRunObserver[] shown = view is not null ? [view.Progress] : mode.Json ? [new JsonObserver(namesNetworks: false)] : [];
        using TrainingRun run = new(folder, plan.Data, settings.Value.Run, [.. shown, new ReportObserver(plan.Network.Threads)])
        {
            Config = (_, _) => TrainingConfig.Write(plan, settings.Value),
            Size = new RunSize { TestRows = data.Test.Count, SavesMoments = true },
        };
        view?.Begin(plan, data, mlp);
        run.BeginPart(0);
        TrainingResult result = run.Run(new TrainingSession(mlp, data.Train, plan.Training, data.Validation), 0, 1, stop);
        view?.Progress.Close();
        TrainingOutcome outcome = Finish(mlp, data, plan, result, run);
        view?.End(outcome);
        int exitCode = Explain(result, outcome, plan, run);
        return run.Finish(new RunEnd(folder.Folder, outcome.ToEvent())
        {
            Network = mlp,
            Test = data.Test,
            Order = OrderOf(data.Train, plan),
            ModelPath = outcome.Checkpoint,
        }, exitCode);
    }

    // A diverged model is useless, unless early stopping has restored its best parameters.
    // An interrupted run is not evaluated, so that it ends at once.
    private static TrainingOutcome Finish(Mlp mlp, LoadedData data, TrainingPlan plan, TrainingResult result, TrainingRun run)
    {
        run.SaveState();
        bool saved = result.Status != TrainingStatus.Diverged || result.BestEpoch is not null;
        string? model = saved ? run.SaveModel(path => Checkpoint.Save(mlp, path, Describe(data.Train, plan, mlp))) : null;
        StepResult? test = result.Status is TrainingStatus.Completed or TrainingStatus.StoppedEarly
            ? mlp.Evaluate(data.Test.AsBatch(), plan.Network.Threads) : null;
        return new TrainingOutcome(result.Status, test, mlp.ParameterCount, Checkpoint.WeightsSha256(mlp), model, run.Folder.Folder)
        {
            Scores = test is null ? TestScores.None : TestScores.Of(mlp, data.Test, plan.Network.Threads),
        };
    }

    private static int Explain(TrainingResult result, TrainingOutcome outcome, TrainingPlan plan, TrainingRun run) => result.Status switch
    {
        TrainingStatus.Canceled => run.ReportInterruption($"{result.Message} {Saved(outcome)}"),
        TrainingStatus.Diverged => Failure.Report(ExitCodes.Diverged, $"{result.Message}{Example(result, plan)} {Saved(outcome)}"),
        _ => EvaluateJob.Judge(outcome.Test),
    };

    private static string Saved(TrainingOutcome outcome) =>
        outcome.Checkpoint is { } path ? $"The model is saved in {Printable.Path(path)}." : "No model was saved.";

    // Adds an example value if the message advises a smaller learning rate.
    private static string Example(TrainingResult result, TrainingPlan plan) =>
        result.Message.Contains("smaller learning rate", StringComparison.Ordinal)
            ? $" Try {Setting.Lr.Option} {Format.Real(Math.Min(plan.Training.Optimizer.LearningRate / 10, MostAdvisedRate))}, for example." : "";

    private static CheckpointInfo Describe(Dataset train, TrainingPlan plan, Mlp mlp) => new()
    {
        DataSet = plan.Data,
        Mean = train.Mean.ToArray(),
        Scale = train.Scale,
        PixelOrder = OrderOf(train, plan),
        Seed = plan.Training.Seed,
        Epochs = mlp.Trained.Epochs,
    };

    private static PixelOrder OrderOf(Dataset train, TrainingPlan plan) =>
        Pixels.Has(train) ? plan.Preset?.Order ?? PixelOrder.ColoursFirst : PixelOrder.Unstated;
}
