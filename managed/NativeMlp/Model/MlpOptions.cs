// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp;

/// <summary>The options of a network. Values are checked when the network is created. The arithmetic is in float32: the float nearest to a
/// double must also be in the range. It must not be denormal, and must be 0 only if the value is 0.</summary>
public sealed record MlpOptions
{
    private const int MaxHidden = 9999;

    /// <summary>The number of features of a row, at least 1.</summary>
    public required int Inputs { get; init; }

    /// <summary>The number of outputs of each hidden layer, from the first to the last, each at least 1; at most 9999 layers. Without
    /// hidden layers the network is a linear model.</summary>
    public IReadOnlyList<int> Hidden { get; init => field = [.. value]; } = [];

    /// <summary>The number of classes, or of values to predict; at least 1.</summary>
    public required int Outputs { get; init; }

    /// <summary>The activation of the hidden layers.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary><c>α</c>: leaky ReLU's slope, or ELU's limit; finite and at least 0. Null for 0.01 and 1.</summary>
    public double? ActivationAlpha { get; init; }

    /// <summary>The number of sums whose maximum is an output of an <see cref="Activation.Maxout"/> layer, at least 2. Other activations
    /// ignore it.</summary>
    public int Pieces { get; init; } = 2;

    /// <summary>The activation of the last layer. The cross-entropy losses expect logits: keep
    /// <see cref="Activation.Identity"/> with them.</summary>
    public Activation OutputActivation { get; init; } = Activation.Identity;

    /// <summary>The normalisation of the hidden layers, before their activation.</summary>
    public Norm Norm { get; init; }

    /// <summary><c>ε</c> of the norms, greater than 0 and at most 1.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>The weight of a batch in the running mean and variance of batch normalisation, greater than 0 and at most 1
    /// (the variance is computed with <c>rows − 1</c>, as in PyTorch). A step of one row has no such variance and
    /// updates only the running mean.</summary>
    public double NormMomentum { get; init; } = 0.1;

    /// <summary>The probability that training sets an output of a hidden layer to 0, after its activation, in [0, 1); the
    /// others are multiplied by <c>1/(1 − Dropout)</c>. The choice of the outputs is a function of only seed, step, layer, row and output.</summary>
    public double Dropout { get; init; }

    /// <summary>How the initial weights of every layer are chosen.</summary>
    public Initialization Initialization { get; init; }

    /// <summary>The standard deviation of <see cref="Initialization.Normal"/>, from 0 to 1e37.</summary>
    public double InitialStdDev { get; init; } = 1e-2;

    /// <summary>The options of each layer, including the last, instead of <see cref="Activation"/>, <see cref="Pieces"/>,
    /// <see cref="OutputActivation"/>, <see cref="Norm"/>, <see cref="Dropout"/> and <see cref="Initialization"/>. Empty to use
    /// those.</summary>
    public IReadOnlyList<LayerOptions> Layers { get; init => field = [.. value]; } = [];

    /// <summary>The loss that training minimises.</summary>
    public Loss Loss { get; init; }

    /// <summary>A weight for each output, <c>[outputs]</c>, finite and at least 0, as described by <see cref="Loss"/>; empty for all 1.
    /// For <see cref="Loss.SoftmaxCrossEntropy"/> and <see cref="Loss.BinaryCrossEntropy"/>.</summary>
    public IReadOnlyList<float> ClassWeights { get; init => field = [.. value]; } = [];

    /// <summary><c>ε</c> of <see cref="Loss.SoftmaxCrossEntropy"/>, from 0 to 1.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary><c>δ</c> of <see cref="Loss.Huber"/> and <see cref="Loss.MulticlassHinge"/>, finite and greater than 0.</summary>
    public double LossDelta { get; init; } = 1;

    /// <summary>The maximum number of rows of a training step, at least 1. Its memory is allocated when the network is created.</summary>
    public int MaxBatch { get; init; } = 128;

    /// <summary>The maximum number of worker threads of a training step, up to 1024; 0 for <see cref="NativeLibraryInfo.DefaultThreads"/>. The
    /// results
    /// do not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>The seed of the initial weights and of dropout.</summary>
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
        Defined(Loss);
        Narrowed.Positive(NormEpsilon, "MlpOptions.", nameof(NormEpsilon), NormEpsilon <= 1, "greater than 0 and at most 1");
        Narrowed.Positive(NormMomentum, "MlpOptions.", nameof(NormMomentum), NormMomentum <= 1, "greater than 0 and at most 1");
        Narrowed.UpToOne(LabelSmoothing, "MlpOptions.", nameof(LabelSmoothing));
        Narrowed.Positive(LossDelta, "MlpOptions.", nameof(LossDelta), float.IsFinite((float)LossDelta), "a finite number greater than 0");
        if (ClassWeights.Count != 0 && ClassWeights.Count != Outputs)
            Throw.OutOfRange($"MlpOptions.ClassWeights has {ClassWeights.Count} weights; there are {Outputs} outputs.");
        foreach (float weight in ClassWeights)
            InRange(weight >= 0 && float.IsFinite(weight), weight, nameof(ClassWeights), "finite and at least 0");
        if (Layers.Count != 0 && Layers.Count != Hidden.Count + 1)
            Throw.OutOfRange($"MlpOptions.Layers has {Layers.Count} layers; Hidden and Outputs describe {Hidden.Count + 1}.");
        for (int layer = 0; layer <= Hidden.Count; layer++) ValidateLayer(layer, Layers.Count == 0 ? "" : $"Layers[{layer}].");
        for (int layer = 0; layer <= Hidden.Count; layer++) ValidateWeight(layer);
    }

    /// <summary>The layers that these options describe, from the first to the last.</summary>
    internal LayerShape[] Shapes()
    {
        LayerShape[] shapes = new LayerShape[Hidden.Count + 1];
        int inputs = Inputs;
        for (int layer = 0; layer < shapes.Length; layer++)
        {
            shapes[layer] = LayerShape.From(inputs, OutputsOf(layer), OfLayer(layer));
            inputs = shapes[layer].Outputs;
        }

        return shapes;
    }

    private int OutputsOf(int layer) => layer < Hidden.Count ? Hidden[layer] : Outputs;

    private void ValidateLayer(int layer, string place)
    {
        LayerOptions options = OfLayer(layer);
        options.Validate(place);
        if ((long)OutputsOf(layer) * options.SumsOfOutput > int.MaxValue)
            Throw.OutOfRange($"MlpOptions.{place}{nameof(Pieces)} is {options.Pieces}; with {OutputsOf(layer)} outputs layer {layer} would have more than {int.MaxValue} sums.");
    }

    // A tensor that does not fit into one array cannot be saved, so this is checked before the training.
    private void ValidateWeight(int layer)
    {
        LayerOptions options = OfLayer(layer);
        int inputs = layer == 0 ? Inputs : OutputsOf(layer - 1);
        int width = OutputsOf(layer) * options.SumsOfOutput;
        if ((long)inputs * width > Array.MaxLength)
            Throw.OutOfRange($"MlpOptions: the weight [{inputs} × {width}] of layer {layer} has {(long)inputs * width} elements; at most {Array.MaxLength} are possible.");
    }

    private LayerOptions OfLayer(int layer) => Layers.Count != 0 ? Layers[layer]
        : layer == Hidden.Count ? new LayerOptions
        {
            Activation = OutputActivation,
            ActivationAlpha = ActivationAlpha,
            Pieces = Pieces,
            Initialization = Initialization,
            InitialStdDev = InitialStdDev,
        }
        : new LayerOptions
        {
            Activation = Activation,
            ActivationAlpha = ActivationAlpha,
            Pieces = Pieces,
            Norm = Norm,
            Dropout = Dropout,
            Initialization = Initialization,
            InitialStdDev = InitialStdDev,
        };

    private static void InRange(bool allowed, double value, string name, string range)
    {
        if (!allowed) Throw.OutOfRange($"MlpOptions.{name} is {value}; it must be {range}.");
    }

    private static void AtLeastOne(int value, string name)
    {
        if (value < 1) Throw.OutOfRange($"MlpOptions.{name} is {value}; it must be at least 1.");
    }

    private static void Defined<T>(T value) where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) Throw.OutOfRange($"MlpOptions.{typeof(T).Name} is {value}, which is not defined.");
    }

    private bool PrintMembers(StringBuilder builder) => new MemberText(builder)
        .Add(Inputs).AddList(Hidden).Add(Outputs).Add(Activation).Add(ActivationAlpha).Add(Pieces)
        .Add(OutputActivation).Add(Norm).Add(NormEpsilon).Add(NormMomentum).Add(Dropout).Add(Initialization)
        .Add(InitialStdDev).AddList(Layers).Add(Loss).AddList(ClassWeights).Add(LabelSmoothing).Add(LossDelta)
        .Add(MaxBatch).Add(Threads).Add(Seed).Any;
}
