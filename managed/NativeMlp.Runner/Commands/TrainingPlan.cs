// SPDX-License-Identifier: MIT
using NativeMlp.Runner.Hosting;
using NativeMlp.Runner.Views;

namespace NativeMlp.Runner.Commands;

/// <summary>The settings of one training run with the data set's defaults filled in.</summary>
internal sealed record TrainingPlan(
    string Data, string? DataDir, IReadOnlyList<int> Hidden, Optimizer Optimizer, double LrDecay, int Batch, int Epochs,
    double Validation, ulong Seed, int Threads, string Out)
{
    public const int PlaneHidden = 64;

    private const int ImageHidden = 256;
    private const int Cifar10Hidden = 50;

    public static bool IsPlane(string data) => data is "xor" or "circles" or "moons" or "spirals";

    public int WorkerThreads => Threads == 0 ? NativeLibraryInfo.DefaultThreads : Threads;

    /// <exception cref="RunnerException">No data set was named.</exception>
    public static TrainingPlan From(RunnerSettings settings)
    {
        string data = settings.Data ?? throw RunnerException.Usage($"{Setting.Data.Option} is missing; it must be {Setting.Data.Accepts}.");
        return new TrainingPlan(data, settings.DataDir, settings.Hidden ?? [DefaultHidden(data)], ChooseOptimizer(settings, data),
            settings.LrDecay ?? 1, settings.Batch ?? (IsPlane(data) ? 50 : 128), settings.Epochs ?? DefaultEpochs(data),
            settings.Validation ?? 0, settings.Seed ?? 1, settings.Threads ?? 0, settings.Out ?? "models");
    }

    /// <summary>Adam lr 0.001, batch 128, 10 epochs, seed 1</summary>
    public override string ToString()
    {
        string decay = LrDecay == 1 ? "" : $" × {Format.Real(LrDecay)} an epoch";
        string l2 = Optimizer.L2 == 0 ? "" : $", l2 {Format.Real(Optimizer.L2)}";
        return $"{Optimizer.Kind.ToString().ToLowerInvariant()} lr {Format.Real(Optimizer.LearningRate)}{decay}{l2}, "
            + $"batch {Batch}, {Format.Count(Epochs)} {(Epochs == 1 ? "epoch" : "epochs")}, seed {Seed}";
    }

    private static Optimizer ChooseOptimizer(RunnerSettings settings, string data)
    {
        Optimizer optimizer = (settings.Optimizer ?? OptimizerKind.Adam) switch
        {
            OptimizerKind.Sgd => Optimizer.Sgd(settings.Lr ?? 0.1),
            OptimizerKind.Momentum => Optimizer.SgdMomentum(settings.Lr ?? 0.1),
            _ => Optimizer.Adam(settings.Lr ?? (IsPlane(data) ? 1e-2 : 1e-3)),
        };
        return optimizer with { L2 = settings.L2 ?? 0 };
    }

    private static int DefaultHidden(string data) =>
        IsPlane(data) ? PlaneHidden : data == "cifar10" ? Cifar10Hidden : ImageHidden;

    private static int DefaultEpochs(string data) => data switch
    {
        "spirals" => 300,
        _ when IsPlane(data) => 100,
        _ => 10,
    };
}
