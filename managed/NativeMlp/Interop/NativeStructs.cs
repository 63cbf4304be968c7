// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;

namespace NativeMlp.Interop;

// The structures of nmlp.h, member by member.

[StructLayout(LayoutKind.Sequential)]
internal struct NativeOptimizer
{
    public uint StructSize;
    public int Kind;
    public double LearningRate;
    public double L2;
    public double Momentum;
    public double Beta1;
    public double Beta2;
    public double Epsilon;
    public double Smoothing;
    public double Decay;
    public double ClipNorm;
    public double ClipValue;
    public double MaxNorm;
    public int DecayBiases;
    public int Reserved;

    /// <summary>Checks the options and turns them into what the library takes.</summary>
    public static unsafe NativeOptimizer From(Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        optimizer.Validate();
        return new NativeOptimizer
        {
            StructSize = (uint)sizeof(NativeOptimizer),
            Kind = (int)optimizer.Kind,
            LearningRate = optimizer.LearningRate,
            L2 = optimizer.L2,
            Momentum = optimizer.Momentum,
            Beta1 = optimizer.Beta1,
            Beta2 = optimizer.Beta2,
            Epsilon = optimizer.Epsilon,
            Smoothing = optimizer.Smoothing,
            Decay = optimizer.WeightDecay,
            ClipNorm = optimizer.ClipNorm,
            ClipValue = optimizer.ClipValue,
            MaxNorm = optimizer.MaxNorm,
            DecayBiases = optimizer.DecayBiases ? 1 : 0,
        };
    }
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeLayer
{
    public uint StructSize;
    public int Activation;
    public nuint Outputs;
    public int Init;
    public int Norm;
    public float Alpha;
    public float Dropout;
    public float Deviation;
    public int Pieces;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeNetOptions
{
    public uint StructSize;
    public int Loss;
    public nuint Inputs;
    public nuint MaxBatch;
    public int Threads;
    public float LabelSmoothing;
    public float Delta;
    public float NormEpsilon;
    public float NormMomentum;
    public int Reserved;
    public ulong DropoutSeed;
    public float* ClassWeights;
    public nuint ClassWeightCount;
}

/// <summary>nmlp_feature_type.</summary>
internal enum NativeFeatureType
{
    Float32 = 0,
    Uint8 = 1,
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeBatch
{
    public uint StructSize;
    public int FeatureType;
    public void* Features;
    public nuint FeatureRows;
    public nuint Ld;
    public float* Mean;
    public nuint MeanLength;
    public int* Indices;
    public nuint IndexCount;
    public int* Labels;
    public nuint LabelCount;
    public float* Targets;
    public nuint TargetLength;
    public float* Weights;
    public nuint WeightCount;
    public float Scale;
    public int Reserved;
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeResult
{
    public double Loss;
    public double DataLoss;
    public nuint Rows;
    public nuint Correct;
    public double GradientNorm;

    public readonly StepResult ToStepResult(bool isJudged) =>
        new(Loss, DataLoss, (int)Rows, (int)Correct) { GradientNorm = GradientNorm, IsJudged = isJudged };
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeFault
{
    public uint StructSize;
    public int Kind;
    public nuint Layer;
    public nuint Row;
    public nuint Column;

    public readonly NonFinite? ToNonFinite() =>
        Kind == 0 ? null : new NonFinite((NonFinitePlace)Kind, (int)Layer, (int)Row, (int)Column);
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeProgress
{
    public uint StructSize;
    public int OptimizerKind;
    public ulong Steps;
    public double Beta1Power;
    public double Beta2Power;
}
