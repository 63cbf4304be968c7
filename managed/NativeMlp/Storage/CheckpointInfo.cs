// SPDX-License-Identifier: MIT
namespace NativeMlp.Storage;

/// <summary>How a file's weights are laid out.</summary>
public enum WeightLayout
{
    /// <summary><c>[inputs × outputs]</c>: ours, as <c>Y = X·W</c>.</summary>
    InputsByOutputs,

    /// <summary><c>[outputs × inputs]</c>: PyTorch's.</summary>
    OutputsByInputs,
}

/// <summary>What a checkpoint says beside the parameters.</summary>
public sealed record CheckpointInfo
{
    /// <summary>What the model was trained on.</summary>
    public string DataSet { get; init; } = "";

    /// <summary>Subtracted from each row of features before <see cref="Scale"/>; empty for nothing.</summary>
    public float[] Mean { get; init; } = [];

    /// <summary>Multiplies each feature.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>The seed of the run.</summary>
    public ulong Seed { get; init; }

    /// <summary>Epochs that were trained.</summary>
    public int Epochs { get; init; }
}

/// <summary>A model read from a checkpoint; whoever loads it disposes it.</summary>
/// <param name="Mlp">The network, its optimizer state included.</param>
/// <param name="Info">What the checkpoint says beside that.</param>
public sealed record LoadedCheckpoint(Mlp Mlp, CheckpointInfo Info) : IDisposable
{
    /// <summary>Disposes the network.</summary>
    public void Dispose() => Mlp.Dispose();
}
