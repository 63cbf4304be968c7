// SPDX-License-Identifier: MIT
using static System.FormattableString;

namespace NativeMlp.Interop;

internal static unsafe class NetCalls
{
    /// <summary>Makes a network. The options have been checked.</summary>
    public static NetHandle Create(MlpOptions options, ReadOnlySpan<LayerShape> shapes)
    {
        NativeLibraryLoader.EnsureLoaded();
        NativeNetOptions native = new()
        {
            StructSize = (uint)sizeof(NativeNetOptions),
            Loss = (int)options.Loss,
            Inputs = (nuint)options.Inputs,
            MaxBatch = (nuint)options.MaxBatch,
            Threads = options.Threads,
            LabelSmoothing = (float)options.LabelSmoothing,
            Delta = (float)options.LossDelta,
            NormEpsilon = (float)options.NormEpsilon,
            NormMomentum = (float)options.NormMomentum,
            DropoutSeed = options.Seed,
        };
        float[] classWeights = [.. options.ClassWeights];
        NativeLayer[] layers = new NativeLayer[shapes.Length];
        for (int i = 0; i < layers.Length; i++) layers[i] = Layer(shapes[i]);
        int status;
        NetHandle net;
        fixed (float* weights = classWeights)
        {
            native.ClassWeights = weights;
            native.ClassWeightCount = (nuint)classWeights.Length;
            status = NativeMethods.nmlp_net_create(native, layers, (nuint)layers.Length, out net);
        }

        ThrowIfTooLarge((NativeStatus)status, options);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_create));
        net.ReportMemory();
        return net;
    }

    public static OptimizerProgress ReadProgress(NetHandle net)
    {
        NativeProgress progress = new() { StructSize = (uint)sizeof(NativeProgress) };
        int status = NativeMethods.nmlp_net_read_progress(net, ref progress);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_read_progress));
        return new OptimizerProgress((OptimizerKind)progress.OptimizerKind, progress.Steps,
            progress.Beta1Power, progress.Beta2Power);
    }

    public static void WriteProgress(NetHandle net, OptimizerProgress value)
    {
        NativeProgress progress = new()
        {
            StructSize = (uint)sizeof(NativeProgress),
            OptimizerKind = (int)value.Kind,
            Steps = value.Steps,
            Beta1Power = value.Beta1Power,
            Beta2Power = value.Beta2Power,
        };
        int status = NativeMethods.nmlp_net_write_progress(net, progress);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_write_progress));
    }

    // Of checked options the library refuses only what overflows its sizes: that is too large for any memory.
    private static void ThrowIfTooLarge(NativeStatus status, MlpOptions options)
    {
        if (status is not (NativeStatus.InvalidArgument or NativeStatus.OutOfMemory)) return;
        string sizes = string.Join('-', [options.Inputs, .. options.Hidden, options.Outputs]);
        throw new InsufficientMemoryException(
            Invariant($"A network {sizes} with steps of up to {options.MaxBatch} rows does not fit in memory."));
    }

    private static NativeLayer Layer(LayerShape shape) => new()
    {
        StructSize = (uint)sizeof(NativeLayer),
        Activation = (int)shape.Activation,
        Outputs = (nuint)shape.Outputs,
        Init = (int)shape.Initialization,
        Norm = (int)shape.Norm,
        Alpha = (float)shape.ActivationAlpha,
        Dropout = (float)shape.Dropout,
        Deviation = (float)shape.InitialDeviation,
        Pieces = shape.Pieces,
    };
}
