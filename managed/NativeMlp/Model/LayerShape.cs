// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>A layer <c>Y = dropout(act(norm(X·W + b)))</c> of a network: <c>W</c> is <c>[Inputs × Width]</c>, <c>b</c> is
/// <c>[Width]</c>.</summary>
/// <param name="Inputs">The number of columns of <c>X</c>.</param>
/// <param name="Outputs">The number of columns of <c>Y</c>.</param>
/// <param name="Activation"><c>act</c>.</param>
/// <param name="Initialization">How the initial weights are chosen.</param>
public readonly record struct LayerShape(
    int Inputs, int Outputs, Activation Activation, Initialization Initialization = Initialization.Default)
{
    /// <summary><c>α</c> of the activation.</summary>
    public double ActivationAlpha { get; init; }

    /// <summary>The number of sums whose maximum is an output of <see cref="Activation.Maxout"/>; 1 for other activations.</summary>
    public int Pieces { get; init; } = 1;

    /// <summary>The number of columns of <c>X·W + b</c>, <c>Outputs · Pieces</c>. Column <c>p·Outputs + j</c> is piece <c>p</c> of output
    /// <c>j</c>.</summary>
    public int Width => Outputs * Pieces;

    /// <summary><c>norm</c>.</summary>
    public Norm Norm { get; init; }

    /// <summary>The probability of <c>dropout</c>, in training only.</summary>
    public double Dropout { get; init; }

    /// <summary>The standard deviation of <see cref="Initialization.Normal"/>.</summary>
    public double InitialStdDev { get; init; }

    /// <summary>The number of elements of the weights, <c>Inputs · Width</c>.</summary>
    public long WeightCount => (long)Inputs * Width;

    private static readonly LayerTensor[][] TensorsOf =
    [
        [LayerTensor.Weight, LayerTensor.Bias],
        [LayerTensor.Weight, LayerTensor.Bias, LayerTensor.Gamma, LayerTensor.Beta, LayerTensor.RunningMean, LayerTensor.RunningVariance],
        [LayerTensor.Weight, LayerTensor.Bias, LayerTensor.Gamma, LayerTensor.Beta],
    ];

    /// <summary>The tensors of the layer, in the order of their values.</summary>
    public IReadOnlyList<LayerTensor> Tensors => TensorsOf[(int)Norm];

    /// <summary>Whether the layer has this tensor.</summary>
    /// <param name="tensor">Which.</param>
    public bool Has(LayerTensor tensor) => (int)tensor < Tensors.Count;

    /// <summary>Elements of a tensor of the layer.</summary>
    /// <param name="tensor">Which.</param>
    public long LengthOf(LayerTensor tensor) => tensor == LayerTensor.Weight ? WeightCount : Width;

    internal static LayerShape From(int inputs, int outputs, LayerOptions options) =>
        new(inputs, outputs, options.Activation, options.Initialization)
        {
            ActivationAlpha = options.Alpha,
            Pieces = options.SumsOfOutput,
            Norm = options.Norm,
            Dropout = options.Dropout,
            InitialStdDev = options.InitialStdDev,
        };
}
