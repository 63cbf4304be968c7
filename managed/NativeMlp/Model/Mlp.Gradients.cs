// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

/// <content>The two halves of a training step. Between them, gradients can be read, changed and written.</content>
public sealed partial class Mlp
{
    /// <summary>Updates the parameters with the gradients that the network keeps: those of the last
    /// <see cref="ComputeGradients"/>, or those written since. Allocates nothing.</summary>
    /// <remarks><see cref="ComputeGradients"/> with the optimizer's <see cref="Optimizer.L2"/>, followed by this method, has the same
    /// result as <see cref="TrainStep"/>, byte for byte. The gradients already include the penalty, so <see cref="Optimizer.L2"/> is not
    /// added again. The gradients do not change. The running statistics of batch normalisation are updated with those of the last
    /// <see cref="ComputeGradients"/>, once for each of its calls.</remarks>
    /// <param name="optimizer">The update rule. If its <see cref="Optimizer.Kind"/> differs from that of the previous step,
    /// the moments restart from 0.</param>
    /// <returns>True if the network was updated. False if a gradient, or the new value of a parameter, moment or running statistic,
    /// is not finite; the network is unchanged then.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="optimizer"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value of <paramref name="optimizer"/> is not allowed.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network, or it is frozen.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public bool ApplyGradients(Optimizer optimizer)
    {
        int status = NativeMethods.nmlp_net_apply(_net.OpenFor(this), optimizer.ToNative());
        if (status == (int)NativeStatus.NonFinite) return false;
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_apply));
        Telemetry.Stepped();
        return true;
    }

    /// <summary>Copies all tensors of a kind out of the network, one after another.</summary>
    /// <remarks>The tensors are in the order of the layers: weights, biases, γ and β of each, rows without gaps. The order is the same for each
    /// kind: element i of the gradients and of the moments belongs to element i of the parameters. Running means and variances
    /// are not included, because they are not parameters.</remarks>
    /// <param name="kind">The kind of the tensors.</param>
    /// <param name="destination">An array with the length <see cref="ParameterCount"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has the wrong length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network, or it is frozen and has only
    /// parameters.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public void Read(TensorKind kind, Span<float> destination)
    {
        CheckBlock(kind, destination.Length, nameof(destination));
        int status = NativeMethods.nmlp_net_read_block(_net.OpenFor(this), (int)kind, destination, (nuint)destination.Length);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_read_block));
    }

    /// <summary>Copies all tensors of a kind into the network.</summary>
    /// <remarks>The order is that of <see cref="Read(TensorKind, Span{float})"/>.</remarks>
    /// <param name="kind">The kind of the tensors.</param>
    /// <param name="source">An array with the length <see cref="ParameterCount"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="source"/> has the wrong length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using the network, or it is frozen and has only
    /// parameters.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    public void Write(TensorKind kind, ReadOnlySpan<float> source)
    {
        CheckBlock(kind, source.Length, nameof(source));
        int status = NativeMethods.nmlp_net_write_block(_net.OpenFor(this), (int)kind, source, (nuint)source.Length);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_write_block));
    }

    private void CheckBlock(TensorKind kind, int length, string name)
    {
        if (!Enum.IsDefined(kind)) Throw.OutOfRange($"kind is {(int)kind}, which names no kind of tensor.", nameof(kind));
        if (length != ParameterCount) Throw.WrongLength(length, ParameterCount, "one for each parameter of the network", name);
    }
}
