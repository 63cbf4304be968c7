// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

/// <content>A training step in two halves, between which gradients can be read, changed and written.</content>
public sealed partial class Mlp
{
    /// <summary>Updates the parameters by the gradients that the network keeps: those of the last
    /// <see cref="ComputeGradients"/>, or what was written in their place. Allocates nothing.</summary>
    /// <remarks><see cref="ComputeGradients"/> with the optimizer's <see cref="Optimizer.L2"/> and then this method leave the same
    /// bytes as <see cref="TrainStep"/>. The penalty's part is in the gradients already: <see cref="Optimizer.L2"/> is not added
    /// again. The gradients stay as they are. Batch normalisation's running statistics move by those of the last
    /// <see cref="ComputeGradients"/>, once for each of its calls.</remarks>
    /// <param name="optimizer">How the parameters change. Another <see cref="Optimizer.Kind"/> than in the step before
    /// starts with zero moments.</param>
    /// <returns>True if the network was updated; false if a gradient, or what a parameter, a moment or a running statistic would
    /// become is not finite. The network is unchanged then.</returns>
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

    /// <summary>Copies all tensors of a kind out of the network, one behind another.</summary>
    /// <remarks>Layer by layer, of each its weights, biases, γ and β, rows without gaps. The order is the same for each
    /// kind: element i of the gradients and of the moments belongs to element i of the parameters. Running means and variances
    /// are not in it, since they are no parameters.</remarks>
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
    /// <remarks>In the order of <see cref="Read(TensorKind, Span{float})"/>.</remarks>
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
