// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>What a network is made of. Values are checked where they are used.</summary>
public sealed record MlpOptions
{
    private const int MaxHidden = 9999;

    /// <summary>Features of a row, at least 1.</summary>
    public required int Inputs { get; init; }

    /// <summary>Outputs of each hidden layer, from the first to the last, each at least 1, up to 9999 of them. None makes
    /// the linear classifier.</summary>
    public IReadOnlyList<int> Hidden { get; init => field = [.. value]; } = [];

    /// <summary>Classes, at least 1.</summary>
    public required int Outputs { get; init; }

    /// <summary>The activation of the hidden layers; the last layer has <see cref="Activation.Identity"/>.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>How the first weights of every layer are drawn.</summary>
    public Initialization Initialization { get; init; }

    /// <summary>What training makes small.</summary>
    public Loss Loss { get; init; }

    /// <summary>The most rows of a training step, at least 1. Memory for it is taken when the network is made.</summary>
    public int MaxBatch { get; init; } = 128;

    /// <summary>The most workers of a training step, up to 1024; 0 for <see cref="NativeLibraryInfo.DefaultThreads"/>. The results
    /// do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>What the first weights are drawn from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is not allowed; the message names it.</exception>
    public void Validate()
    {
        AtLeastOne(Inputs, nameof(Inputs));
        if (Hidden.Count > MaxHidden)
            Throw.OutOfRange($"MlpOptions.Hidden has {Hidden.Count} layers; there may be at most {MaxHidden}.");
        for (int layer = 0; layer < Hidden.Count; layer++) AtLeastOne(Hidden[layer], $"{nameof(Hidden)}[{layer}]");
        AtLeastOne(Outputs, nameof(Outputs));
        AtLeastOne(MaxBatch, nameof(MaxBatch));
        if (Threads is < 0 or > Check.MaxThreads)
            Throw.OutOfRange($"MlpOptions.Threads is {Threads}; it must be from 0 (the default) to {Check.MaxThreads}.");
        Defined(Activation);
        Defined(Initialization);
        Defined(Loss);
    }

    /// <summary>The layers that these options describe, from the first to the last.</summary>
    internal LayerShape[] Shapes()
    {
        LayerShape[] shapes = new LayerShape[Hidden.Count + 1];
        int inputs = Inputs;
        for (int layer = 0; layer < Hidden.Count; layer++)
        {
            shapes[layer] = new LayerShape(inputs, Hidden[layer], Activation, Initialization);
            inputs = Hidden[layer];
        }

        shapes[^1] = new LayerShape(inputs, Outputs, Activation.Identity, Initialization);
        return shapes;
    }

    private static void AtLeastOne(int value, string name)
    {
        if (value < 1) Throw.OutOfRange($"MlpOptions.{name} is {value}; it must be at least 1.");
    }

    private static void Defined<T>(T value) where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) Throw.OutOfRange($"MlpOptions.{typeof(T).Name} is {value}, which names none.");
    }
}
