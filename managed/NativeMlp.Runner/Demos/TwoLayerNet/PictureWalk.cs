// SPDX-License-Identifier: MIT
using System.Diagnostics;
using System.Text;
using NativeMlp.Data;
using NativeMlp.Runner.Jobs;
using NativeMlp.Runner.Output;
using NativeMlp.Runner.Reports.Figures;
using NativeMlp.Runner.Runs;
using NativeMlp.Runner.Settings;

namespace NativeMlp.Runner.Demos.TwoLayerNet;

/// <summary>
/// The second half of the assignment: the course's first run on CIFAR-10, a run with a suitable learning rate, and images of the results
/// of both.
/// </summary>
internal sealed class PictureWalk(TwoLayerNetView view)
{
    public static string Data => BuiltInDataSets.Cifar10.Name;

    private const string WeightsFile = "two-layer-net-weights.png";
    private const string CurvesFile = "two-layer-net-curves.svg";
    private const int Side = 32;
    private const double TunedRate = 1e-3;
    private const int TunedSteps = 5000;

    /// <exception cref="RunnerException">Data or output folder cannot be used, or a loss is not finite.</exception>
    /// <exception cref="DataFormatException">A data file is damaged.</exception>
    public void Run(RunnerSettings chosen, LoadedData data, CancellationToken stop)
    {
        TrainingPlan first = TrainingPlan.From(Course(chosen)), tuned = TrainingPlan.From(Course(chosen, TunedRate, TunedSteps));
        data = data.HoldBack(first.Validation, first.Training.Seed).ArrangeFor(first.Preset!);
        (first, tuned) = (first.FitTo(data), tuned.FitTo(data));
        string folder = chosen.Out ?? "models";
        OutputFolder.Make(folder);
        view.ShowData(data);

        stop.ThrowIfCancellationRequested();
        using Mlp firstNet = new(first.NetworkFor(data.Train)), tunedNet = new(tuned.NetworkFor(data.Train));
        CourseRun[] runs =
        [
            Train("The course's first run", "validation about 0.29; such a straight loss curve suggests a higher rate", firstNet, first, data, stop),
            Train("Tuned: ten times the learning rate, five times the steps", "test above 0.48, its staff above 0.52", tunedNet, tuned, data, stop),
        ];
        view.ShowFiles(OutputFolder.Write(folder, WeightsFile, Png.Encode(DrawWeights(tunedNet))),
            OutputFolder.Write(folder, CurvesFile, Encoding.UTF8.GetBytes(Curves.Draw(runs))));
        view.ShowNext(first);
    }

    // The course's settings, and the given settings for which this command has options.
    private static RunnerSettings Course(RunnerSettings chosen, double? rate = null, int? steps = null) => new()
    {
        Data = Data,
        DataDir = chosen.DataDir,
        Preset = "cs231n-a1",
        Lr = rate,
        Steps = steps,
        Seed = chosen.Seed,
        Threads = chosen.Threads,
        Out = chosen.Out,
    };

    private CourseRun Train(string title, string course, Mlp mlp, TrainingPlan plan, LoadedData data, CancellationToken stop)
    {
        CourseTraining training = new(mlp, data.Train, data.Validation, plan.Training);
        Stopwatch watch = Stopwatch.StartNew();
        view.Watch(title, plan, data, progress => training.Run(progress, stop));
        watch.Stop();
        CourseRun run = new(title, training.Losses, training.Epochs, Accuracy(data.Train), Accuracy(data.Validation!), Accuracy(data.Test));
        view.ShowRun(run, watch.Elapsed, course);
        return run;

        double Accuracy(Dataset rows) => mlp.Evaluate(rows.AsBatch(), mlp.Options.Threads).Accuracy!.Value;
    }

    // In the preset, the colours of a pixel are next to each other, as in an image.
    private static Picture DrawWeights(Mlp mlp)
    {
        LayerShape layer = mlp.Layers[0];
        float[] weights = new float[layer.LengthOf(LayerTensor.Weight)];
        mlp.ReadWeights(0, weights);
        return WeightTiles.Draw(weights, layer.Outputs, Side, layer.Outputs);
    }
}
