// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

/// <content>Networks that can only predict.</content>
public sealed partial class Mlp
{
    private Mlp(Mlp source, NetHandle net, Precision precision)
    {
        Options = source.Options;
        _layers = source._layers;
        Layers = source.Layers;
        Classes = source.Classes;
        Trained = source.Trained;
        _net = net;
        IsFrozen = true;
        Precision = precision;
    }

    /// <summary>True if the network was created by <see cref="Freeze()"/>. It can predict and evaluate, and its parameters can be read
    /// and written, but it cannot be trained.</summary>
    public bool IsFrozen { get; }

    /// <summary>How the weights are stored; not <see cref="Precision.Float32"/> only if the network is frozen.</summary>
    public Precision Precision { get; }

    /// <summary>Creates a copy of the network that can only predict. It has the current parameters and running statistics, but no
    /// gradients, no moments and no memory for training steps, and needs a quarter of the memory or less.</summary>
    /// <returns>The copy, which the caller must dispose of. Its predictions have the same bits as those of this network.</returns>
    /// <exception cref="InvalidOperationException">Another thread is training the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    /// <exception cref="OutOfMemoryException">The copy does not fit in memory.</exception>
    public Mlp Freeze()
    {
        int status = NativeMethods.nmlp_net_freeze(_net.OpenFor(this), out NetHandle frozen);
        return Frozen(status, nameof(NativeMethods.nmlp_net_freeze), frozen, Precision);
    }

    /// <summary>Creates a copy of the network that can only predict, with weights of this precision.</summary>
    /// <param name="precision">The precision of the weights.</param>
    /// <returns>The copy, which the caller must dispose of. Its predictions have the bits of a float32 network with the rounded weights.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="precision"/> is not defined.</exception>
    /// <exception cref="InvalidOperationException">Another thread is training the network, or its own weights already have another precision
    /// than float32.</exception>
    /// <inheritdoc cref="Freeze()" path="/exception[@cref='ObjectDisposedException' or @cref='OutOfMemoryException']"/>
    public Mlp Freeze(Precision precision)
    {
        if (!Enum.IsDefined(precision)) Throw.OutOfRange($"The precision is {(int)precision}, which is not defined.", nameof(precision));
        if (Precision != Precision.Float32 && precision != Precision)
            throw new InvalidOperationException($"The weights of the network are {Precision} and cannot become {precision}: freeze the network that it was made from.");
        int status = NativeMethods.nmlp_net_freeze_as(_net.OpenFor(this), (int)precision, out NetHandle frozen);
        return Frozen(status, nameof(NativeMethods.nmlp_net_freeze_as), frozen, precision);
    }

    private Mlp Frozen(int status, string function, NetHandle frozen, Precision precision)
    {
        StatusCheck.ThrowIfFailed(status, function);
        frozen.ReportMemory();
        return new Mlp(this, frozen, precision);
    }
}
