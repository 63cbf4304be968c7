// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>How a step changes the parameters; PyTorch's definitions.</summary>
/// <remarks>
/// <c>g</c> is the gradient, for weights with <c>2·l2·w</c> added first:
/// <code>
/// Sgd        w -= lr·g
/// Momentum   v = momentum·v + g;          w -= lr·v
/// Adam       m = β1·m + (1 − β1)·g;       v = β2·v + (1 − β2)·g²
///            w -= lr/(1 − β1ᵗ) · m / (√v/√(1 − β2ᵗ) + ε)
/// </code>
/// Values are checked where they are used; those that a kind does not use are not looked at.
/// </remarks>
public sealed record Optimizer
{
    /// <summary>Which of the formulas.</summary>
    public OptimizerKind Kind { get; init; }

    /// <summary><c>lr</c>, from 0 to 1e38.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Adds <c>l2·ΣW²</c> to the loss: weights only, never biases. Finite and at least 0.</summary>
    public double L2 { get; init; }

    /// <summary><c>momentum</c>, in [0, 1).</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary><c>β1</c>, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary><c>β2</c>, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary><c>ε</c>, greater than 0 and below 1.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Plain gradient descent.</summary>
    /// <param name="learningRate"><c>lr</c>.</param>
    public static Optimizer Sgd(double learningRate) => new() { Kind = OptimizerKind.Sgd, LearningRate = learningRate };

    /// <summary>Gradient descent with momentum.</summary>
    /// <param name="learningRate"><c>lr</c>.</param>
    /// <param name="momentum"><c>momentum</c>.</param>
    public static Optimizer SgdMomentum(double learningRate, double momentum = 0.9) =>
        new() { Kind = OptimizerKind.Momentum, LearningRate = learningRate, Momentum = momentum };

    /// <summary>Adam.</summary>
    /// <param name="learningRate"><c>lr</c>.</param>
    public static Optimizer Adam(double learningRate = 1e-3) =>
        new() { Kind = OptimizerKind.Adam, LearningRate = learningRate };

    private const double Greatest = 1e38; // the arithmetic is float32

    /// <summary>Checks every value that <see cref="Kind"/> uses.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is not allowed; the message names it.</exception>
    public void Validate()
    {
        if (Kind is < OptimizerKind.Sgd or > OptimizerKind.Adam)
            Throw.OutOfRange($"Optimizer.Kind is {(int)Kind}, which names no kind of optimizer.");
        NotNegative(LearningRate, nameof(LearningRate));
        NotNegative(L2, nameof(L2));
        if (Kind == OptimizerKind.Momentum) Fraction(Momentum, nameof(Momentum));
        if (Kind != OptimizerKind.Adam) return;
        Fraction(Beta1, nameof(Beta1));
        Fraction(Beta2, nameof(Beta2));
        if (!(Epsilon > 0 && Epsilon < 1))
            Throw.OutOfRange($"Optimizer.Epsilon is {Epsilon}; it must be greater than 0 and below 1.");
    }

    // NaN fails every comparison, so each condition asks for what is allowed.

    private static void NotNegative(double value, string name)
    {
        if (!(value >= 0 && value <= Greatest))
            Throw.OutOfRange($"Optimizer.{name} is {value}; it must be a number from 0 to {Greatest}.");
    }

    private static void Fraction(double value, string name)
    {
        if (!(value is >= 0 and < 1))
            Throw.OutOfRange($"Optimizer.{name} is {value}; it must be at least 0 and less than 1.");
    }
}
