// SPDX-License-Identifier: MIT
namespace NativeMlp.Interop;

internal static unsafe class NetCalls
{
    /// <summary>Makes a network. The options have been checked.</summary>
    /// <returns>The status; the handle is valid only where it is <see cref="NativeStatus.Ok"/>.</returns>
    public static int Create(NativeNetOptions options, ReadOnlySpan<NativeLayer> layers, ReadOnlySpan<float> classWeights, out NetHandle net)
    {
        NativeLibraryLoader.EnsureLoaded();
        int status;
        fixed (float* weights = classWeights)
        {
            options.ClassWeights = weights;
            options.ClassWeightCount = (nuint)classWeights.Length;
            status = NativeMethods.nmlp_net_create(options, layers, (nuint)layers.Length, out net);
        }

        if (status == (int)NativeStatus.Ok) net.ReportMemory();
        return status;
    }

    public static NativeOptimizerState ReadOptimizerState(NetHandle net)
    {
        NativeOptimizerState state = new();
        int status = NativeMethods.nmlp_net_read_optimizer_state(net, ref state);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_read_optimizer_state));
        return state;
    }

    public static void WriteOptimizerState(NetHandle net, NativeOptimizerState state)
    {
        int status = NativeMethods.nmlp_net_write_optimizer_state(net, state);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_write_optimizer_state));
    }
}
