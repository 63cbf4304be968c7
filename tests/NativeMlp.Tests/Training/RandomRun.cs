// SPDX-License-Identifier: MIT
using NativeMlp.Data;
using NativeMlp.Training;

namespace NativeMlp.Tests.Training;

/// <summary>A training run whose every option is a function of its number.</summary>
internal sealed class RandomRun
{
    private const ulong Seed = 20261129;

    private readonly float[] _uniform = new float[64];
    private int _used;

    public RandomRun(int number)
    {
        Kernels.RandomUniform(Seed, (ulong)number, _uniform);
        int rows = 20 + Below(60), batch = 5 + Below(12);
        Train = Below(2) == 0 ? Synthetic.Spirals(rows, (ulong)number) : Normalised(Synthetic.Moons(rows, (ulong)number));
        Validation = Below(2) == 0 ? Train.Slice(0, 11) : null;
        Norm norm = One(Norm.None, Norm.Batch, Norm.Layer);
        Network = new MlpOptions
        {
            Inputs = 2,
            Hidden = Below(2) == 0 ? [9] : [7, 5],
            Outputs = Train.Classes,
            MaxBatch = batch,
            Norm = norm,
            Dropout = Below(2) * 0.25,
            Activation = One(Activation.Relu, Activation.Tanh, Activation.Gelu, Activation.Maxout),
            Seed = (ulong)Below(1000),
        };
        Options = new TrainingOptions
        {
            Epochs = 2 + Below(6),
            BatchSize = batch,
            Optimizer = Optimizer() with { L2 = Below(2) * 1e-3, ClipNorm = Below(3) == 0 ? 0.5 : 0, MaxNorm = Below(3) == 0 ? 1.5 : 0 },
            Schedule = Schedule() with { WarmUpSteps = Below(2) * 7 },
            EarlyStopping = Below(2) == 0 ? new EarlyStopping(1 + Below(3), Below(2) * 0.01) : null,
            MaxSteps = Below(4) == 0 ? 3 + Below(20) : 0,
            Sampling = One(BatchSampling.Shuffled, BatchSampling.InOrder, BatchSampling.WithReplacement),
            Seed = (ulong)Below(1000),
        };
    }

    public Dataset Train { get; }

    public Dataset? Validation { get; }

    public MlpOptions Network { get; }

    public TrainingOptions Options { get; }

    /// <summary>A number from 0 to below the bound.</summary>
    public int Below(int bound) => (int)(_uniform[_used++] * bound);

    public override string ToString() => $"{Network.Norm} {Network.Activation} {Options.Optimizer.Kind} {Options.Schedule} {Options.Sampling} {Options.EarlyStopping}";

    private static Dataset Normalised(Dataset data) => data.WithNormalization(data.ComputeMean(), 0.5f);

    private T One<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    private Optimizer Optimizer() => Below(7) switch
    {
        0 => NativeMlp.Optimizer.Sgd(0.1),
        1 => NativeMlp.Optimizer.SgdMomentum(0.05, dampening: Below(2) * 0.5),
        2 => NativeMlp.Optimizer.Nesterov(0.05),
        3 => NativeMlp.Optimizer.Adam(0.02, amsGrad: Below(2) == 0),
        4 => NativeMlp.Optimizer.AdamW(0.02, amsGrad: Below(2) == 0),
        5 => NativeMlp.Optimizer.AdaGrad(0.05, initialAccumulator: Below(2) * 0.1),
        _ => NativeMlp.Optimizer.RmsProp(0.01, momentum: 0.5, centered: Below(2) == 0),
    };

    private LearningRateSchedule Schedule() => Below(5) switch
    {
        0 => new LearningRateSchedule.Constant(),
        1 => new LearningRateSchedule.StepDecay(2, 0.5),
        2 => new LearningRateSchedule.Cosine(),
        3 => new LearningRateSchedule.OneCycle(),
        _ => new LearningRateSchedule.ReduceOnPlateau(0.5, 0),
    };
}
