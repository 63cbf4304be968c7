// SPDX-License-Identifier: MIT
using System.Runtime.InteropServices;

namespace NativeMlp.Interop;

// The structures of nmlp.h, member by member. A constructor says how large its structure is.

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
    public double Rho;
    public double Decay;
    public double ClipNorm;
    public double ClipValue;
    public double MaxNorm;
    public int DecayBiases;
    public int Reserved;
    public int Amsgrad;
    public int Centered;
    public double Dampening;
    public double InitialAccumulator;

    public unsafe NativeOptimizer() => StructSize = (uint)sizeof(NativeOptimizer);
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
    public float InitStddev;
    public int Pieces;

    public unsafe NativeLayer() => StructSize = (uint)sizeof(NativeLayer);
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
    public int Precision;
    public ulong DropoutSeed;
    public float* ClassWeights;
    public nuint ClassWeightCount;

    public NativeNetOptions() => StructSize = (uint)sizeof(NativeNetOptions);
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
    public float* Scales;
    public nuint ScalesLength;

    public NativeBatch() => StructSize = (uint)sizeof(NativeBatch);
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeResult
{
    public uint StructSize;
    public int Reserved;
    public double Loss;
    public double DataLoss;
    public nuint Rows;
    public nuint Correct;
    public double GradientNorm;

    public unsafe NativeResult() => StructSize = (uint)sizeof(NativeResult);
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeFault
{
    public uint StructSize;
    public int Kind;
    public nuint Layer;
    public nuint Row;
    public nuint Column;

    public unsafe NativeFault() => StructSize = (uint)sizeof(NativeFault);
}

[StructLayout(LayoutKind.Sequential)]
internal struct NativeOptimizerState
{
    public uint StructSize;
    public int OptimizerKind;
    public ulong Steps;
    public double Beta1Power;
    public double Beta2Power;

    public unsafe NativeOptimizerState() => StructSize = (uint)sizeof(NativeOptimizerState);
}
