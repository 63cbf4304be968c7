// SPDX-License-Identifier: MIT
using System.Diagnostics;
using NativeMlp.Data;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Settings;
using NativeMlp.Training;

namespace NativeMlp.Runner.Demos;

/// <summary>
/// The default demonstration: compares a linear classifier with a network with one hidden layer on four
/// small generated data sets, and shows the decision regions of one data set.
/// </summary>
internal sealed class DemoJob : IJob
{
    private static readonly BuiltInDataSet Pictured = BuiltInDataSets.Spirals;

    private static readonly BuiltInDataSet[] Sets = [.. BuiltInDataSets.All.Where(set => set.Generate is not null)];

    public int Run(CancellationToken stop)
    {
        DemoView view = new(Terminal.Create());
        List<Mlp> models = [];
        try
        {
            Stopwatch watch = Stopwatch.StartNew();
            bool done = view.Watch([.. Sets.Select(set => set.Name)], () => Sets.All(set => TrainBoth(set, models, view, stop)));
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

    private static bool TrainBoth(BuiltInDataSet set, List<Mlp> models, DemoView view, CancellationToken stop)
    {
        LoadedData data = LoadedData.Generate(set);
        IReadOnlyList<int>?[] kinds = [[], null]; // no hidden layer, and the default of the data set
        for (int kind = 0; kind < kinds.Length; kind++)
        {
            TrainingPlan plan = TrainingPlan.From(new RunnerSettings { Data = set.Name, Hidden = kinds[kind] });
            Mlp mlp = TrainJob.Create(plan, data.Train);
            models.Add(mlp);
            int column = kind;
            EpochObserver observer = new(report => view.ShowProgress(set.Name, column, report.Epoch, plan.Training.Epochs));
            if (TrainJob.Train(mlp, data, plan, observer, stop).Status != TrainingStatus.Completed)
                return false;
            view.ShowAccuracy(set.Name, column, mlp.Evaluate(data.Test.AsBatch()).Accuracy!.Value);
        }
        return true;
    }

    /// <summary>Calls back on the reporting thread; Progress&lt;T&gt; would go through the pool and lose the order.</summary>
    private sealed class EpochObserver(Action<EpochReport> observe) : IProgress<EpochReport>
    {
        public void Report(EpochReport value) => observe(value);
    }
}
