// SPDX-License-Identifier: MIT
namespace NativeMlp.Onnx;

/// <summary>A network that came from a file of another program; dispose of it after use.</summary>
/// <param name="Network">The network.</param>
/// <param name="Notes">Sentences about what was converted, skipped or assumed.</param>
public sealed record ImportedNetwork(Mlp Network, IReadOnlyList<string> Notes) : IDisposable
{
    /// <summary>Disposes of the network.</summary>
    public void Dispose() => Network.Dispose();
}

/// <summary>What a file of weights does not say. What it does say is not overruled: it must be the same.</summary>
public sealed record ImportOptions
{
    /// <summary>The activation of the hidden layers; null if the file says it, or there are none.</summary>
    public Activation? Activation { get; init; }

    /// <summary><c>α</c> of the activation; null for its default.</summary>
    public double? ActivationAlpha { get; init; }

    /// <summary>The number of pieces of <see cref="Activation.Maxout"/>; 2 where the file does not say it.</summary>
    public int? Pieces { get; init; }

    /// <summary>The loss, which decides what the outputs mean. Null for what the file says, otherwise
    /// <see cref="Loss.SoftmaxCrossEntropy"/> of several outputs and <see cref="Loss.MeanSquaredError"/> of one.</summary>
    public Loss? Loss { get; init; }

    /// <summary><c>ε</c> of the norms; null for what the file says, otherwise 1e-5.</summary>
    public double? NormEpsilon { get; init; }
}
