// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>The options of one layer of a network: normalisation, activation, dropout, initialisation. See
/// <see cref="MlpOptions.Layers"/>. Values are checked when the network is created.</summary>
public sealed record LayerOptions
{
    /// <summary>The activation.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <inheritdoc cref="MlpOptions.ActivationAlpha"/>
    public double? ActivationAlpha { get; init; }

    /// <inheritdoc cref="MlpOptions.Pieces"/>
    public int Pieces { get; init; } = 2;

    /// <summary>The normalisation before the activation.</summary>
    public Norm Norm { get; init; }

    /// <summary>The probability that training sets an output to 0: see <see cref="MlpOptions.Dropout"/>.</summary>
    public double Dropout { get; init; }

    /// <summary>How the initial weights are chosen.</summary>
    public Initialization Initialization { get; init; }

    /// <inheritdoc cref="MlpOptions.InitialStdDev"/>
    public double InitialStdDev { get; init; } = 1e-2;

    /// <summary><see cref="ActivationAlpha"/>, or the activation's own default.</summary>
    internal double Alpha => ActivationAlpha ?? Activation.DefaultAlpha() ?? 0.01;

    /// <summary>The number of sums of an output.</summary>
    internal int SumsOfOutput => Activation.TakesPieces() ? Pieces : 1;

    // No normal number of this standard deviation overflows.
    private const float GreatestStdDev = 1e37f;

    internal void Validate(string place)
    {
        Defined(Activation, place);
        Defined(Norm, place);
        Defined(Initialization, place);
        Narrowed.NotNegative(Alpha, "MlpOptions." + place, nameof(ActivationAlpha), float.MaxValue);
        InRange(!Activation.TakesPieces() || Pieces >= 2, Pieces, place + nameof(Pieces), "at least 2");
        Narrowed.Fraction(Dropout, "MlpOptions." + place, nameof(Dropout));
        Narrowed.NotNegative(InitialStdDev, "MlpOptions." + place, nameof(InitialStdDev), GreatestStdDev);
    }

    private static void InRange(bool allowed, double value, string name, string range)
    {
        if (!allowed) Throw.OutOfRange($"MlpOptions.{name} is {value}; it must be {range}.");
    }

    private static void Defined<T>(T value, string place) where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) Throw.OutOfRange($"MlpOptions.{place}{typeof(T).Name} is {value}, which is not defined.");
    }
}
