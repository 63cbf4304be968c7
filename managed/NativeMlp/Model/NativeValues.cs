// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

/// <summary>Converts options to the structures of the native library, and its results to the types of this assembly.</summary>
internal static class NativeValues
{
    /// <summary>Checks the options and converts them.</summary>
    public static NativeOptimizer ToNative(this Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        optimizer.Validate();
        return new NativeOptimizer
        {
            Kind = (int)optimizer.Kind,
            LearningRate = optimizer.LearningRate,
            L2 = optimizer.L2,
            Momentum = optimizer.Momentum,
            Beta1 = optimizer.Beta1,
            Beta2 = optimizer.Beta2,
            Epsilon = optimizer.Epsilon,
            Rho = optimizer.Rho,
            Decay = optimizer.WeightDecay,
            ClipNorm = optimizer.ClipNorm,
            ClipValue = optimizer.ClipValue,
            MaxNorm = optimizer.MaxNorm,
            DecayBiases = optimizer.DecayBiases ? 1 : 0,
            Amsgrad = optimizer.AmsGrad ? 1 : 0,
            Centered = optimizer.Centered ? 1 : 0,
            Dampening = optimizer.Dampening,
            InitialAccumulator = optimizer.InitialAccumulator,
        };
    }

    public static NativeNetOptions ToNative(this MlpOptions options) => new()
    {
        Loss = (int)options.Loss,
        Inputs = (uint)options.Inputs,
        MaxBatch = (uint)options.MaxBatch,
        Threads = options.Threads,
        LabelSmoothing = (float)options.LabelSmoothing,
        Delta = (float)options.LossDelta,
        NormEpsilon = (float)options.NormEpsilon,
        NormMomentum = (float)options.NormMomentum,
        DropoutSeed = options.Seed,
    };

    public static NativeLayer ToNative(this LayerShape shape) => new()
    {
        Activation = (int)shape.Activation,
        Outputs = (uint)shape.Outputs,
        Init = (int)shape.Initialization,
        Norm = (int)shape.Norm,
        Alpha = (float)shape.ActivationAlpha,
        Dropout = (float)shape.Dropout,
        InitStddev = (float)shape.InitialStdDev,
        Pieces = shape.Pieces,
    };

    public static NativeOptimizerState ToNative(this OptimizerState state) => new()
    {
        OptimizerKind = (int)state.Kind,
        Steps = state.Steps,
        Beta1Power = state.Beta1Power,
        Beta2Power = state.Beta2Power,
    };

    public static OptimizerState ToOptimizerState(this in NativeOptimizerState state) =>
        new((OptimizerKind)state.OptimizerKind, state.Steps, state.Beta1Power, state.Beta2Power);

    public static StepResult ToStepResult(this in NativeResult result, bool isJudged) =>
        new(result.Loss, result.DataLoss, (int)result.Rows, (int)result.Correct) { GradientNorm = result.GradientNorm, IsJudged = isJudged };

    public static NonFinite? ToNonFinite(this in NativeFault fault) =>
        fault.Kind == 0 ? null : new NonFinite((NonFinitePlace)fault.Kind, (int)fault.Layer, (int)fault.Row, (int)fault.Column);
}
