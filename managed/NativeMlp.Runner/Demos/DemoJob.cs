// SPDX-License-Identifier: MIT
using System.Diagnostics;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Training;

namespace NativeMlp.Runner.Demos;

/// <summary>
/// What the program does when it is asked for nothing: a linear classifier and a network with one
/// hidden layer on four small sets made here, their accuracies side by side, and a picture of one.
/// </summary>
internal sealed class DemoJob : IJob
{
    private const string Pictured = "spirals";

    private static readonly string[] Sets = ["xor", "circles", "moons", "spirals"];

    public int Run(CancellationToken stop)
    {
        DemoView view = new(Terminal.Create());
        List<Mlp> models = [];
        try
        {
            Stopwatch watch = Stopwatch.StartNew();
            bool done = view.Watch(Sets, () => Sets.All(name => TrainBoth(name, models, view, stop)));
            stop.ThrowIfCancellationRequested();
            if (!done)
                return Failure.Report(ExitCodes.Diverged, "The loss is no longer finite.");
            int pictured = 2 * Array.IndexOf(Sets, Pictured);
            view.ShowRegions(LoadedData.Generate(Pictured).Test, models[pictured], models[pictured + 1]);
            view.ShowClosing(watch.Elapsed);
            return ExitCodes.Done;
        }
        finally
        {
            models.ForEach(m => m.Dispose());
        }
    }

    private static bool TrainBoth(string name, List<Mlp> models, DemoView view, CancellationToken stop)
    {
        LoadedData data = LoadedData.Generate(name);
        IReadOnlyList<int>[] kinds = [[], [TrainingPlan.PlaneHidden]];
        for (int kind = 0; kind < kinds.Length; kind++)
        {
            TrainingPlan plan = TrainingPlan.From(new RunnerSettings { Data = name, Hidden = kinds[kind] });
            Mlp mlp = TrainJob.Create(plan, data.Train);
            models.Add(mlp);
            int column = kind;
            EpochObserver observer = new(report => view.ShowProgress(name, column, report.Epoch, plan.Training.Epochs));
            if (TrainJob.Train(mlp, data, plan, observer, stop).Status != TrainingStatus.Completed)
                return false;
            view.ShowAccuracy(name, column, mlp.Evaluate(data.Test.AsBatch()).Accuracy!.Value);
        }
        return true;
    }
}
