// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp.Storage;

/// <summary>How a file's weights are laid out.</summary>
public enum WeightLayout
{
    /// <summary><c>[inputs × outputs]</c>, the layout of this library: <c>Y = X·W</c>.</summary>
    InputsByOutputs,

    /// <summary><c>[outputs × inputs]</c>, the layout of PyTorch.</summary>
    OutputsByInputs,
}

/// <summary>The order in which the numbers of a picture enter a network.</summary>
public enum PixelOrder
{
    /// <summary>The file does not say; or the rows are not coloured pictures.</summary>
    Unstated = 0,

    /// <summary>One colour after the other, as in the files of CIFAR-10: all red, then all green, then all blue.</summary>
    ColoursFirst = 1,

    /// <summary>Red, green and blue of each pixel side by side.</summary>
    ColoursLast = 2,
}

/// <summary>What a checkpoint stores besides the parameters.</summary>
public sealed record CheckpointInfo
{
    private readonly ulong? _seed;
    private readonly int? _epochs;

    /// <summary>The name of the data set that the model was trained on.</summary>
    public string DataSet { get; init; } = "";

    /// <summary>Subtracted from each row of features before <see cref="Scale"/>; empty for nothing.</summary>
    public float[] Mean { get; init; } = [];

    /// <summary>Multiplies each feature.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>The order of the numbers of a picture; as metadata <c>pixel_order</c>, which is absent where it is unstated.</summary>
    public PixelOrder PixelOrder { get; init; }

    /// <summary>The seed of the run. If it is not set, <see cref="Checkpoint.Save"/> writes the one that
    /// <see cref="Training.Trainer"/> used last on the network, or 0.</summary>
    public ulong Seed
    {
        get => _seed ?? 0;
        init => _seed = value;
    }

    /// <summary>Epochs that were trained. If it is not set, <see cref="Checkpoint.Save"/> writes how many
    /// <see cref="Training.Trainer"/> completed on the network, or 0.</summary>
    public int Epochs
    {
        get => _epochs ?? 0;
        init => _epochs = value;
    }

    /// <summary>Whether all values are equal; the means element by element.</summary>
    /// <param name="other">The other one.</param>
    public bool Equals(CheckpointInfo? other) =>
        other is not null && DataSet == other.DataSet && Scale.Equals(other.Scale) && Seed == other.Seed && Epochs == other.Epochs
        && Mean.AsSpan().SequenceEqual(other.Mean);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(DataSet, Scale, Seed, Epochs, Mean.Length);

    /// <summary>What was not set, from what the network was trained with.</summary>
    internal CheckpointInfo Completed(TrainedWith trained) =>
        this with { Seed = _seed ?? trained.Seed, Epochs = _epochs ?? trained.Epochs };

    private bool PrintMembers(StringBuilder builder) =>
        new MemberText(builder).Add(DataSet).AddList(Mean).Add(Scale).Add(PixelOrder).Add(Seed).Add(Epochs).Any;
}

/// <summary>A model read from a checkpoint; dispose of it after use.</summary>
/// <param name="Mlp">The network, its optimizer state included.</param>
/// <param name="Info">What the checkpoint says beside that.</param>
public sealed record LoadedCheckpoint(Mlp Mlp, CheckpointInfo Info) : IDisposable
{
    /// <summary>Disposes the network.</summary>
    public void Dispose() => Mlp.Dispose();
}
