// SPDX-License-Identifier: MIT
namespace NativeMlp.Interop;

/// <summary>A function of the library that takes a batch. Structures implement it, so that no call allocates.</summary>
internal interface IBatchCall
{
    int Invoke(NetHandle net, in NativeBatch batch);
}

internal struct TrainStepCall(NativeOptimizer optimizer) : IBatchCall
{
    private readonly NativeOptimizer _optimizer = optimizer;
    public NativeResult Result;

    public int Invoke(NetHandle net, in NativeBatch batch) =>
        NativeMethods.nmlp_net_train_step(net, batch, _optimizer, out Result);
}

internal struct GradientCall(double l2) : IBatchCall
{
    public NativeResult Result;

    public int Invoke(NetHandle net, in NativeBatch batch) =>
        NativeMethods.nmlp_net_gradient(net, batch, l2, out Result);
}

internal struct EvaluateCall(int threads) : IBatchCall
{
    public NativeResult Result;

    public int Invoke(NetHandle net, in NativeBatch batch) =>
        NativeMethods.nmlp_net_evaluate(net, batch, threads, out Result);
}

internal struct FindNonFiniteCall : IBatchCall
{
    public NativeFault Fault;

    public unsafe int Invoke(NetHandle net, in NativeBatch batch)
    {
        Fault.StructSize = (uint)sizeof(NativeFault);
        return NativeMethods.nmlp_net_find_nonfinite(net, batch, ref Fault);
    }
}

internal struct FindNonFiniteUpdateCall(NativeOptimizer optimizer) : IBatchCall
{
    private readonly NativeOptimizer _optimizer = optimizer;
    public NativeFault Fault;

    public unsafe int Invoke(NetHandle net, in NativeBatch batch)
    {
        Fault.StructSize = (uint)sizeof(NativeFault);
        return NativeMethods.nmlp_net_find_nonfinite_update(net, batch, _optimizer, ref Fault);
    }
}

internal readonly ref struct PredictCall(Span<float> y, int ldy, PredictionKind kind, int threads) : IBatchCall
{
    private readonly Span<float> _y = y;

    public int Invoke(NetHandle net, in NativeBatch batch) =>
        NativeMethods.nmlp_net_predict(net, batch, (int)kind, _y, (nuint)ldy, threads);
}

internal readonly ref struct PredictClassesCall(Span<int> classes, int threads) : IBatchCall
{
    private readonly Span<int> _classes = classes;

    public int Invoke(NetHandle net, in NativeBatch batch) =>
        NativeMethods.nmlp_net_predict_classes(net, batch, _classes, threads);
}

internal static class BatchCalls
{
    /// <summary>Pins what the batch refers to and makes the call. The batch has been checked.</summary>
    public static int Invoke<TCall>(NetHandle net, in Batch batch, int inputs, ref TCall call)
        where TCall : struct, IBatchCall, allows ref struct
    {
        bool held = false;
        try
        {
            net.Open().DangerousAddRef(ref held); // until the work space that the call may have made has been reported
            int status = InvokePinned(net, batch, inputs, ref call);
            net.ReportMemory();
            return status;
        }
        finally
        {
            if (held) net.DangerousRelease();
        }
    }

    private static unsafe int InvokePinned<TCall>(NetHandle net, in Batch batch, int inputs, ref TCall call)
        where TCall : struct, IBatchCall, allows ref struct
    {
        fixed (float* floats = batch.Floats)
        fixed (byte* bytes = batch.Bytes)
        fixed (float* mean = batch.Mean)
        fixed (int* indices = batch.Indices)
        fixed (int* labels = batch.Labels)
        fixed (float* targets = batch.Targets)
        fixed (float* weights = batch.Weights)
        {
            NativeBatch native = new()
            {
                StructSize = (uint)sizeof(NativeBatch),
                FeatureType = (int)(batch.IsBytes ? NativeFeatureType.Uint8 : NativeFeatureType.Float32),
                Features = batch.IsBytes ? bytes : floats,
                FeatureRows = (nuint)batch.FeatureRows,
                Ld = (nuint)batch.PitchFor(inputs),
                Mean = mean,
                MeanLength = (nuint)batch.Mean.Length,
                Indices = indices,
                IndexCount = (nuint)batch.Indices.Length,
                Labels = labels,
                LabelCount = (nuint)batch.Labels.Length,
                Targets = targets,
                TargetLength = (nuint)batch.Targets.Length,
                Weights = weights,
                WeightCount = (nuint)batch.Weights.Length,
                Scale = batch.Scale,
            };
            return call.Invoke(net, native);
        }
    }
}
