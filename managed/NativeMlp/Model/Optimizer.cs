// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>The update rule of a training step and its parameters, with PyTorch's definitions.</summary>
/// <remarks>
/// <c>g</c> is the gradient, for weights with <c>2·l2·w</c> added first:
/// <code>
/// Sgd        w -= lr·g
/// Momentum   v = momentum·v + (1 − dampening)·g, in the first step v = momentum·v + g;    w -= lr·v
/// Nesterov   v = momentum·v + g;          w -= lr·(g + momentum·v)
/// Adam       m = β1·m + (1 − β1)·g;       v = β2·v + (1 − β2)·g²
///            w -= lr/(1 − β1ᵗ) · m / (√v/√(1 − β2ᵗ) + ε)
///            with AmsGrad the maximum of v so far replaces v in the last line
/// AdamW      w -= lr·decay·w first, then Adam; biases, γ and β too with <see cref="DecayBiases"/>
/// AdaGrad    v = v + g², where v starts from InitialAccumulator;    w -= lr·g/(√v + ε)
/// RmsProp    v = ρ·v + (1 − ρ)·g²;        u = momentum·u + g/(√v + ε);    w -= lr·u
///            Centered: a = ρ·a + (1 − ρ)·g, and √max(v − a², 0) replaces √v
/// </code>
/// Before the update, the gradient of all parameters together is clipped if <see cref="ClipValue"/> or <see cref="ClipNorm"/>
/// is set. After the update, columns of weights whose norm is above <see cref="MaxNorm"/> are scaled to it.
/// Values are checked when they are used; those that a kind does not use are ignored. The arithmetic is in float32: the float
/// nearest to a value must also be in the range. It must not be denormal, and must be 0 only if the value is 0.
/// </remarks>
public sealed record Optimizer
{
    /// <summary>The formula to use.</summary>
    public OptimizerKind Kind { get; init; }

    /// <summary><c>lr</c>, from 0 to 1e38.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The weight of the penalty <c>l2·ΣW²</c>, which applies to weights and never to biases. Finite and at least 0.</summary>
    public double L2 { get; init; }

    /// <summary><c>momentum</c>, in [0, 1).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary><c>β1</c>, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary><c>β2</c>, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary><c>ε</c>, greater than 0 and below 1.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary><c>ρ</c> of RmsProp, in [0, 1).</summary>
    public double Rho { get; init; } = 0.99;

    /// <summary><c>decay</c> of AdamW, from 0 to 1e38, like <c>lr·decay</c>.</summary>
    public double WeightDecay { get; init; } = 1e-2;

    /// <summary>Whether AdamW also decays biases and the γ and β of norms. The default is false. PyTorch's AdamW decays every
    /// parameter that is passed to it.</summary>
    public bool DecayBiases { get; init; }

    /// <summary>Whether Adam and AdamW divide by the root of the maximum of <c>v</c> so far (AMSGrad), which is then stored as
    /// a third moment.</summary>
    public bool AmsGrad { get; init; }

    /// <summary>Whether RmsProp divides by an estimate of the gradient's standard deviation: it then subtracts the square of
    /// the gradient's running mean, which it keeps as a third moment.</summary>
    public bool Centered { get; init; }

    /// <summary><c>dampening</c> of Momentum, in [0, 1). As in PyTorch, it has no effect on the first step, nor if <see cref="Momentum"/> is
    /// 0.</summary>
    public double Dampening { get; init; }

    /// <summary>The value that AdaGrad's <c>v</c> starts from, from 0 to 1e38.</summary>
    public double InitialAccumulator { get; init; }

    /// <summary>The maximum Euclidean norm of the whole gradient, including the part of l2. A gradient with a larger norm is multiplied by
    /// <c>ClipNorm/(norm + 1e-6)</c>, as in PyTorch. 0 for no limit.</summary>
    public double ClipNorm { get; init; }

    /// <summary>The maximum absolute value of an element of the gradient: larger elements are set to it. 0 for no limit.</summary>
    public double ClipValue { get; init; }

    /// <summary>The maximum Euclidean norm of the weights of one output. 0 for no limit.</summary>
    public double MaxNorm { get; init; }

    /// <summary>Plain gradient descent.</summary>
    /// <param name="learningRate"><c>lr</c>.</param>
    public static Optimizer Sgd(double learningRate) => new() { Kind = OptimizerKind.Sgd, LearningRate = learningRate };

    /// <summary>Gradient descent with momentum.</summary>
    /// <param name="learningRate"><c>lr</c>.</param>
    /// <param name="momentum"><c>momentum</c>.</param>
    /// <param name="dampening"><c>dampening</c>.</param>
    public static Optimizer SgdMomentum(double learningRate, double momentum = 0.9, double dampening = 0) =>
        new() { Kind = OptimizerKind.Momentum, LearningRate = learningRate, Momentum = momentum, Dampening = dampening };

    /// <summary>Adam.</summary>
    /// <param name="learningRate"><c>lr</c>.</param>
    /// <param name="amsGrad">Whether it is AMSGrad: see <see cref="AmsGrad"/>.</param>
    public static Optimizer Adam(double learningRate = 1e-3, bool amsGrad = false) =>
        new() { Kind = OptimizerKind.Adam, LearningRate = learningRate, AmsGrad = amsGrad };

    /// <summary>Nesterov's momentum.</summary>
    /// <param name="learningRate"><c>lr</c>.</param>
    /// <param name="momentum"><c>momentum</c>.</param>
    public static Optimizer Nesterov(double learningRate, double momentum = 0.9) =>
        new() { Kind = OptimizerKind.Nesterov, LearningRate = learningRate, Momentum = momentum };

    /// <summary>AdaGrad.</summary>
    /// <param name="learningRate"><c>lr</c>.</param>
    /// <param name="initialAccumulator">The value that <c>v</c> starts from.</param>
    public static Optimizer AdaGrad(double learningRate = 1e-2, double initialAccumulator = 0) =>
        new() { Kind = OptimizerKind.AdaGrad, LearningRate = learningRate, Epsilon = 1e-10, InitialAccumulator = initialAccumulator };

    /// <summary>RMSProp.</summary>
    /// <param name="learningRate"><c>lr</c>.</param>
    /// <param name="rho"><c>ρ</c>.</param>
    /// <param name="momentum"><c>momentum</c>.</param>
    /// <param name="centered">Whether the gradient's mean is subtracted: see <see cref="Centered"/>.</param>
    public static Optimizer RmsProp(double learningRate = 1e-2, double rho = 0.99, double momentum = 0, bool centered = false) =>
        new() { Kind = OptimizerKind.RmsProp, LearningRate = learningRate, Rho = rho, Momentum = momentum, Centered = centered };

    /// <summary>Adam with decoupled weight decay.</summary>
    /// <param name="learningRate"><c>lr</c>.</param>
    /// <param name="weightDecay"><c>decay</c>.</param>
    /// <param name="amsGrad">Whether it is AMSGrad: see <see cref="AmsGrad"/>.</param>
    public static Optimizer AdamW(double learningRate = 1e-3, double weightDecay = 1e-2, bool amsGrad = false) =>
        new() { Kind = OptimizerKind.AdamW, LearningRate = learningRate, WeightDecay = weightDecay, AmsGrad = amsGrad };

    /// <summary>Whether the formula has a third moment.</summary>
    internal bool HasThirdMoment => OptimizerTraits.Of(Kind) is var traits
        && ((AmsGrad && traits.Uses(OptimizerValues.AmsGrad)) || (Centered && traits.Uses(OptimizerValues.Centered)));

    /// <summary>Checks every value that <see cref="Kind"/> uses.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is not allowed; the message names it.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Kind)) Throw.OutOfRange($"Optimizer.Kind is {(int)Kind}, which is not a kind of optimizer.");
        NotNegative(LearningRate, nameof(LearningRate));
        NotNegative(L2, nameof(L2));
        NotNegative(ClipNorm, nameof(ClipNorm));
        NotNegative(ClipValue, nameof(ClipValue));
        NotNegative(MaxNorm, nameof(MaxNorm));
        OptimizerTraits traits = OptimizerTraits.Of(Kind);
        if (traits.Uses(OptimizerValues.Momentum)) Fraction(Momentum, nameof(Momentum));
        if (traits.Uses(OptimizerValues.Dampening)) Fraction(Dampening, nameof(Dampening));
        if (traits.Uses(OptimizerValues.InitialAccumulator)) NotNegative(InitialAccumulator, nameof(InitialAccumulator));
        if (traits.Uses(OptimizerValues.Rho)) Fraction(Rho, nameof(Rho));
        if (traits.Uses(OptimizerValues.WeightDecay)) ValidateDecay();
        if (traits.Uses(OptimizerValues.Epsilon))
            Narrowed.Positive(Epsilon, "Optimizer.", nameof(Epsilon), (float)Epsilon < 1, "greater than 0 and below 1");
        if (!traits.Uses(OptimizerValues.Betas)) return;
        Fraction(Beta1, nameof(Beta1));
        Fraction(Beta2, nameof(Beta2));
    }

    private void ValidateDecay()
    {
        NotNegative(WeightDecay, nameof(WeightDecay));
        if (LearningRate * WeightDecay > Narrowed.Greatest)
            Throw.OutOfRange($"Optimizer.LearningRate is {LearningRate} and Optimizer.WeightDecay {WeightDecay}; their product must be at most {Narrowed.Greatest}.");
    }

    private static void NotNegative(double value, string name) => Narrowed.NotNegative(value, "Optimizer.", name);

    private static void Fraction(double value, string name) => Narrowed.Fraction(value, "Optimizer.", name);
}
