// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp.Storage;

/// <summary>The layout of the weights in a file.</summary>
public enum WeightLayout
{
    /// <summary><c>[inputs × outputs]</c>, the layout of this library: <c>Y = X·W</c>.</summary>
    InputsByOutputs,

    /// <summary><c>[outputs × inputs]</c>, the layout of PyTorch.</summary>
    OutputsByInputs,
}

/// <summary>The order of the values of an image in a row.</summary>
public enum PixelOrder
{
    /// <summary>The file does not contain the order, or the rows are not colour images.</summary>
    Unstated = 0,

    /// <summary>One colour after the other, as in the files of CIFAR-10: all red, then all green, then all blue.</summary>
    ColoursFirst = 1,

    /// <summary>Red, green and blue of each pixel next to each other.</summary>
    ColoursLast = 2,
}

/// <summary>The information that a checkpoint stores in addition to the parameters.</summary>
public sealed record CheckpointInfo
{
    private readonly ulong? _seed;
    private readonly int? _epochs;

    /// <summary>The name of the data set that the model was trained on.</summary>
    public string DataSet { get; init; } = "";

    /// <summary>The mean that is subtracted from each row of features before <see cref="Scale"/>; empty for none.</summary>
    public float[] Mean { get; init; } = [];

    /// <summary>The factor for each feature.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>The order of the values of an image, stored as metadata <c>pixel_order</c>; absent if it is unstated.</summary>
    public PixelOrder PixelOrder { get; init; }

    /// <summary>The seed of the run. If it is not set, <see cref="Checkpoint.Save"/> writes the one that
    /// <see cref="Training.Trainer"/> used last on the network, or 0.</summary>
    public ulong Seed
    {
        get => _seed ?? 0;
        init => _seed = value;
    }

    /// <summary>The number of trained epochs. If it is not set, <see cref="Checkpoint.Save"/> writes how many
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

    /// <summary>Fills values that are not set from the training of the network.</summary>
    internal CheckpointInfo Completed(TrainedWith trained) =>
        this with { Seed = _seed ?? trained.Seed, Epochs = _epochs ?? trained.Epochs };

    private bool PrintMembers(StringBuilder builder) =>
        new MemberText(builder).Add(DataSet).AddList(Mean).Add(Scale).Add(PixelOrder).Add(Seed).Add(Epochs).Any;
}

/// <summary>A model read from a checkpoint; dispose of it after use.</summary>
/// <param name="Mlp">The network, including the state of its optimizer.</param>
/// <param name="Info">The other information in the checkpoint.</param>
public sealed record LoadedCheckpoint(Mlp Mlp, CheckpointInfo Info) : IDisposable
{
    /// <summary>Disposes the network.</summary>
    public void Dispose() => Mlp.Dispose();
}
