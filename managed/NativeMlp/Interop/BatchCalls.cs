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
    public NativeResult Result = new();

    public int Invoke(NetHandle net, in NativeBatch batch) =>
        NativeMethods.nmlp_net_train_step(net, batch, _optimizer, ref Result);
}

internal struct GradientCall(double l2) : IBatchCall
{
    public NativeResult Result = new();

    public int Invoke(NetHandle net, in NativeBatch batch) =>
        NativeMethods.nmlp_net_gradient(net, batch, l2, ref Result);
}

internal struct EvaluateCall(int threads) : IBatchCall
{
    public NativeResult Result = new();

    public int Invoke(NetHandle net, in NativeBatch batch) =>
        NativeMethods.nmlp_net_evaluate(net, batch, threads, ref Result);
}

internal struct FindNonFiniteCall : IBatchCall
{
    public NativeFault Fault = new();

    public FindNonFiniteCall()
    {
    }

    public int Invoke(NetHandle net, in NativeBatch batch) =>
        NativeMethods.nmlp_net_find_nonfinite(net, batch, ref Fault);
}

internal struct FindNonFiniteUpdateCall(NativeOptimizer optimizer) : IBatchCall
{
    private readonly NativeOptimizer _optimizer = optimizer;
    public NativeFault Fault = new();

    public int Invoke(NetHandle net, in NativeBatch batch) =>
        NativeMethods.nmlp_net_find_nonfinite_update(net, batch, _optimizer, ref Fault);
}

internal readonly ref struct PredictCall(Span<float> y, int ldy, int output, int threads) : IBatchCall
{
    private readonly Span<float> _y = y;

    public int Invoke(NetHandle net, in NativeBatch batch) =>
        NativeMethods.nmlp_net_predict(net, batch, output, _y, (nuint)ldy, threads);
}

internal readonly ref struct PredictClassesCall(Span<int> classes, int threads) : IBatchCall
{
    private readonly Span<int> _classes = classes;

    public int Invoke(NetHandle net, in NativeBatch batch) =>
        NativeMethods.nmlp_net_predict_classes(net, batch, _classes, threads);
}

/// <summary>What a batch refers to, in memory that is not pinned yet.</summary>
internal readonly ref struct BatchMemory
{
    /// <summary>The features, if they are floats.</summary>
    public ReadOnlySpan<float> Floats { get; init; }

    /// <summary>The features, if they are bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; init; }

    public bool IsBytes { get; init; }

    public int FeatureRows { get; init; }

    public int LeadingDimension { get; init; }

    public ReadOnlySpan<float> Mean { get; init; }

    public float Scale { get; init; }

    public ReadOnlySpan<float> Scales { get; init; }

    public ReadOnlySpan<int> Indices { get; init; }

    public ReadOnlySpan<int> Labels { get; init; }

    public ReadOnlySpan<float> Targets { get; init; }

    public ReadOnlySpan<float> Weights { get; init; }
}

internal static class BatchCalls
{
    /// <summary>Pins what the batch refers to and makes the call. The batch has been checked.</summary>
    public static int Invoke<TCall>(NetHandle net, in BatchMemory batch, ref TCall call)
        where TCall : struct, IBatchCall, allows ref struct
    {
        bool held = false;
        try
        {
            net.DangerousAddRef(ref held); // until the work space that the call may have made has been reported
            int status = InvokePinned(net, batch, ref call);
            net.ReportMemory();
            return status;
        }
        finally
        {
            if (held) net.DangerousRelease();
        }
    }

    private static unsafe int InvokePinned<TCall>(NetHandle net, in BatchMemory batch, ref TCall call)
        where TCall : struct, IBatchCall, allows ref struct
    {
        fixed (float* floats = batch.Floats)
        fixed (byte* bytes = batch.Bytes)
        fixed (float* mean = batch.Mean)
        fixed (float* scales = batch.Scales)
        fixed (int* indices = batch.Indices)
        fixed (int* labels = batch.Labels)
        fixed (float* targets = batch.Targets)
        fixed (float* weights = batch.Weights)
        {
            NativeBatch native = new()
            {
                FeatureType = (int)(batch.IsBytes ? NativeFeatureType.Uint8 : NativeFeatureType.Float32),
                Features = batch.IsBytes ? bytes : floats,
                FeatureRows = (nuint)batch.FeatureRows,
                Ld = (nuint)batch.LeadingDimension,
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
                Scales = scales,
                ScalesLength = (nuint)batch.Scales.Length,
            };
            return call.Invoke(net, native);
        }
    }
}
