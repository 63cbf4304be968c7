// SPDX-License-Identifier: MIT
using NativeMlp.Interop;

namespace NativeMlp;

/// <content>Networks that can only predict.</content>
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

    /// <summary>True if the network was created by <see cref="Freeze"/>. It can predict and evaluate, and its parameters can be read
    /// and written, but it cannot be trained.</summary>
    public bool IsFrozen { get; }

    /// <summary>Creates a copy of the network that can only predict. It has the current parameters and running statistics, but no
    /// gradients, no moments and no memory for training steps, and needs a quarter of the memory or less.</summary>
    /// <returns>The copy, which the caller must dispose of. Its predictions have the same bits as those of this network.</returns>
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
