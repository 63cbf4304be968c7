// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

/// <content>Networks for prediction alone.</content>
public sealed partial class Mlp
{
    private Mlp(Mlp source, NetHandle net)
    {
        Options = source.Options;
        _layers = source._layers;
        Layers = source.Layers;
        Classes = source.Classes;
        Trained = source.Trained;
        _net = net;
        IsFrozen = true;
    }

    /// <summary>True if the network was made by <see cref="Freeze"/>: it predicts and evaluates, and its parameters can be read
    /// and written, but it cannot be trained.</summary>
    public bool IsFrozen { get; }

    /// <summary>A copy of the network as it is now for prediction alone: with its parameters and running statistics, but without
    /// gradients, moments and the memory of training steps. It takes a quarter of the memory or less.</summary>
    /// <returns>The copy, which the caller disposes of. Its answers have the bits of this network's.</returns>
    /// <exception cref="InvalidOperationException">Another thread is training the network.</exception>
    /// <exception cref="ObjectDisposedException">The network has been disposed of.</exception>
    /// <exception cref="OutOfMemoryException">The copy does not fit in memory.</exception>
    public Mlp Freeze()
    {
        int status = NativeMethods.nmlp_net_freeze(_net.OpenFor(this), out NetHandle frozen);
        StatusCheck.ThrowIfFailed(status, nameof(NativeMethods.nmlp_net_freeze));
        frozen.ReportMemory();
        return new Mlp(this, frozen);
    }
}
