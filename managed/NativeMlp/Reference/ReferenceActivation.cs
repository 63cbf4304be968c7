// SPDX-License-Identifier: MIT
namespace NativeMlp.Reference;

/// <summary>The activations that are a function of one number, and their derivatives. The other one is
/// <see cref="ReferenceMaxout"/>.</summary>
internal static class ReferenceActivation
{
    private const double GeluSlope = 0.044715;
    private static readonly double GeluScale = Math.Sqrt(2 / Math.PI);

    /// <summary><c>act(z)</c>.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="alpha">Its <c>α</c>, where it has one.</param>
    /// <param name="z">The input.</param>
    public static double Value(Activation activation, double alpha, double z) => activation switch
    {
        Activation.Identity => z,
        Activation.Relu => z < 0 ? 0 : z,
        Activation.LeakyRelu => z > 0 ? z : alpha * z,
        Activation.Sigmoid => Sigmoid(z),
        Activation.Tanh => Math.Tanh(z),
        Activation.Elu => z > 0 ? z : alpha * Expm1(z),
        Activation.Gelu => z * Normal(z),
        Activation.GeluTanh => z * Sigmoid(2 * GeluInner(z)),
        Activation.Softplus => Softplus(z),
        Activation.Silu => z * Sigmoid(z),
        _ => throw new NotSupportedException($"{activation} is not a function of one number."),
    };

    /// <summary><c>act′(z)</c>; at a kink the derivative from below.</summary>
    /// <param name="activation">Which.</param>
    /// <param name="alpha">Its <c>α</c>, where it has one.</param>
    /// <param name="z">The input.</param>
    public static double Derivative(Activation activation, double alpha, double z)
    {
        switch (activation)
        {
            case Activation.Identity:
                return 1;
            case Activation.Relu:
                return z > 0 ? 1 : 0;
            case Activation.LeakyRelu:
                return z > 0 ? 1 : alpha;
            case Activation.Sigmoid:
                return Sigmoid(z) * Sigmoid(-z);
            case Activation.Tanh:
                double cosh = Math.Cosh(Math.Min(Math.Abs(z), 350));
                return 1 / (cosh * cosh);
            case Activation.Elu:
                return z > 0 ? 1 : alpha * Math.Exp(z);
            case Activation.Gelu:
                return Normal(z) + (z * Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI));
            case Activation.GeluTanh:
                double x = Math.Clamp(z, -50, 50); // beyond, the derivative is 0 or 1, and x³ must not overflow
                double p = Sigmoid(2 * GeluInner(x)), q = Sigmoid(-2 * GeluInner(x));
                return p + (x * p * q * 2 * GeluScale * (1 + (3 * GeluSlope * x * x)));
            case Activation.Softplus:
                return Sigmoid(z);
            case Activation.Silu:
                return Sigmoid(z) * (1 + (z * Sigmoid(-z)));
            default:
                throw new NotSupportedException($"{activation} is not a function of one number.");
        }
    }

    /// <summary><c>1/(1 + e⁻ˣ)</c>, without overflow.</summary>
    /// <param name="x">The input.</param>
    public static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    /// <summary><c>log(1 + eˣ)</c>, without overflow.</summary>
    /// <param name="x">The input.</param>
    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    /// <summary><c>Φ(x) = (1 + erf(x/√2))/2</c>, the normal distribution, both tails to all digits.</summary>
    /// <param name="x">The input.</param>
    public static double Normal(double x) => x < 0 ? Erfc(-x / Math.Sqrt(2)) / 2 : 1 - (Erfc(x / Math.Sqrt(2)) / 2);

    // 1 - erf(x) for x >= 0. Near 0 the series erf(x) = 2/√π·e^(−x²)·Σ 2ⁿ·x^(2n+1)/(1·3·5…(2n+1)), all of whose terms are
    // positive; further out the continued fraction e^(−x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))).
    private static double Erfc(double x)
    {
        double bell = Math.Exp(-x * x) / Math.Sqrt(Math.PI);
        if (x < 2)
        {
            double term = 2 * x * bell, sum = term;
            for (int n = 1; n < 80; n++)
            {
                term *= 2 * x * x / ((2 * n) + 1);
                sum += term;
            }

            return 1 - sum;
        }

        double fraction = x;
        for (int n = 120; n > 0; n--)
            fraction = x + (n / 2.0 / fraction);

        return bell / fraction;
    }

    private static double GeluInner(double x) => GeluScale * (x + (GeluSlope * x * x * x));

    // What 1 + x rounds away is put back.
    private static double Log1p(double x)
    {
        double sum = 1 + x;
        return Math.Log(sum) + ((x - (sum - 1)) / sum);
    }

    private static double Expm1(double x) =>
        Math.Abs(x) < 1e-2 ? x * (1 + (x / 2 * (1 + (x / 3 * (1 + (x / 4 * (1 + (x / 5 * (1 + (x / 6 * (1 + (x / 7)))))))))))) : Math.Exp(x) - 1;
}
