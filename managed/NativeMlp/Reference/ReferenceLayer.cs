// SPDX-License-Identifier: MIT
using System.Text;

namespace NativeMlp.Reference;

/// <summary>One layer, <c>Y = mask ⊙ act(norm(X·W + b))</c>, in plain loops: forward, and backward by the chain rule.</summary>
public sealed class ReferenceLayer
{
    /// <summary>Makes a layer; weights and biases start at 0.</summary>
    /// <param name="inputs">Number of inputs <c>k</c>.</param>
    /// <param name="outputs">Number of outputs <c>n</c>.</param>
    /// <param name="activation">The function applied to each output.</param>
    /// <param name="norm">The normalisation before the activation.</param>
    /// <param name="pieces">The number of sums whose maximum is an output, for maxout; otherwise 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or there are pieces without a maxout.</exception>
    public ReferenceLayer(int inputs, int outputs, Activation activation, Norm norm = Norm.None, int pieces = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pieces, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pieces, activation.TakesPieces() ? int.MaxValue : 1);
        int width = outputs * pieces;
        Weight = new double[inputs, width];
        Bias = new double[width];
        Activation = activation;
        Norm = norm;
        Pieces = pieces;
        Gamma = Enumerable.Repeat(1.0, width).ToArray();
        Beta = new double[width];
        RunningMean = new double[width];
        RunningVariance = Enumerable.Repeat(1.0, width).ToArray();
    }

    /// <summary>Number of inputs <c>k</c>.</summary>
    public int Inputs => Weight.GetLength(0);

    /// <summary>Number of outputs <c>n</c>.</summary>
    public int Outputs => Width / Pieces;

    /// <summary>The number of sums whose maximum is an output: see <see cref="ReferenceMaxout"/>; 1 for other activations.</summary>
    public int Pieces { get; }

    /// <summary>Number of sums, <c>Outputs · Pieces</c>.</summary>
    public int Width => Weight.GetLength(1);

    /// <summary>The function applied to each output.</summary>
    public Activation Activation { get; }

    /// <summary><c>α</c> of the activation.</summary>
    public double Alpha { get; init; } = 0.01;

    /// <summary>The normalisation before the activation.</summary>
    public Norm Norm { get; }

    /// <summary><c>ε</c> of the norm.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>The weight of a batch in the running mean and variance.</summary>
    public double NormMomentum { get; init; } = 0.1;

    /// <summary>The weights <c>W</c>, <c>[inputs × width]</c>.</summary>
    public double[,] Weight { get; }

    /// <summary>The biases <c>b</c>, <c>[width]</c>.</summary>
    public double[] Bias { get; }

    /// <summary>The norm's γ, <c>[width]</c>.</summary>
    public double[] Gamma { get; }

    /// <summary>The norm's β, <c>[width]</c>.</summary>
    public double[] Beta { get; }

    /// <summary>Batch normalisation's running mean, <c>[width]</c>.</summary>
    public double[] RunningMean { get; }

    /// <summary>Batch normalisation's running variance, <c>[width]</c>.</summary>
    public double[] RunningVariance { get; }

    /// <summary>Computes the outputs for new data: without dropout, and with the running statistics of batch normalisation.</summary>
    /// <param name="x">The inputs <c>X</c>, <c>[rows × inputs]</c>.</param>
    /// <returns>The outputs <c>Y</c>, <c>[rows × outputs]</c>.</returns>
    public double[,] Forward(double[,] x) => Run(x, null, training: false).Y;

    /// <summary>Computes the forward pass of a training step, with all values that <see cref="Backward"/> needs.</summary>
    /// <param name="x">The inputs <c>X</c>, <c>[rows × inputs]</c>.</param>
    /// <param name="mask">The dropout mask by which the outputs are multiplied, <c>[rows × outputs]</c>; null for none.</param>
    internal ReferencePass Train(double[,] x, double[,]? mask = null) => Run(x, mask, training: true);

    /// <summary>
    /// Computes the gradients of the loss from the gradient with respect to the output of this layer: <c>dV = dY ⊙ mask ⊙ act′(V)</c>, then back
    /// through the norm to <c>dZ</c>, and <c>dW = Xᵀ·dZ</c>, <c>db = Σ rows of dZ</c>, <c>dX = dZ·Wᵀ</c>.
    /// </summary>
    /// <param name="pass">The result of <see cref="Train"/>.</param>
    /// <param name="dy">The gradient <c>dY</c>, <c>[rows × outputs]</c>.</param>
    /// <returns><c>dX</c> <c>[rows × inputs]</c> and the gradients of the parameters.</returns>
    internal (double[,] Dx, ReferenceGradient Gradient) Backward(ReferencePass pass, double[,] dy)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(dy);
        int rows = pass.X.GetLength(0);
        ReferenceGradient gradient = new(new double[Inputs, Width], new double[Width], new double[Width], new double[Width]);
        double[,] dv = OutputBackward(pass, dy), dz = Norm == Norm.None ? dv : NormBackward(pass, dv, gradient);

        var dx = new double[rows, Inputs];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < Width; j++)
            {
                gradient.Bias[j] += dz[i, j];
                for (int p = 0; p < Inputs; p++)
                {
                    gradient.Weight[p, j] += pass.X[i, p] * dz[i, j];
                    dx[i, p] += dz[i, j] * Weight[p, j];
                }
            }
        }

        return (dx, gradient);
    }

    /// <summary>Updates the running mean and variance with those of a batch. The variance is the unbiased estimate, with rows − 1.</summary>
    /// <param name="pass">The result of <see cref="Train"/>.</param>
    internal void MoveStatistics(ReferencePass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (Norm != Norm.Batch)
            return;

        int rows = pass.Z.GetLength(0);
        (double[] mean, double[] variance) = ReferenceNorm.OfColumns(pass.Z);
        for (int j = 0; j < Width; j++)
        {
            RunningMean[j] += NormMomentum * (mean[j] - RunningMean[j]);
            RunningVariance[j] += rows < 2 ? 0 : NormMomentum * ((variance[j] * rows / (rows - 1)) - RunningVariance[j]);
        }
    }

    internal ReferencePass Run(double[,] x, double[,]? mask, bool training)
    {
        double[,] z = Sums(x), v = z;
        double[,]? normal = null, scale = null;
        if (Norm != Norm.None)
        {
            (normal, scale) = Normalize(z, training);
            v = Each(normal, (value, j) => (Gamma[j] * value) + Beta[j]);
        }

        double[,] y = Activation.TakesPieces()
            ? ReferenceMaxout.Forward(v, Pieces)
            : Each(v, (value, _) => ReferenceActivation.Value(Activation, Alpha, value));
        return new ReferencePass(x, z, normal, scale, v, mask, mask is null ? y : Product(y, mask));
    }

    private double[,] Sums(double[,] x)
    {
        int rows = x.GetLength(0);
        var z = new double[rows, Width];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < Width; j++)
            {
                double sum = Bias[j];
                for (int p = 0; p < Inputs; p++)
                    sum += x[i, p] * Weight[p, j];

                z[i, j] = sum;
            }
        }

        return z;
    }

    private (double[,] Normal, double[,] Scale) Normalize(double[,] z, bool training)
    {
        if (Norm == Norm.Layer)
            return ReferenceNorm.Rows(z, NormEpsilon);

        (double[] mean, double[] variance) = training ? ReferenceNorm.OfColumns(z) : (RunningMean, RunningVariance);
        return ReferenceNorm.Columns(z, mean, variance, NormEpsilon);
    }

    /// <summary>Back through dropout and the activation: <c>dV</c>.</summary>
    internal double[,] OutputBackward(ReferencePass pass, double[,] dy) =>
        ActivationBackward(pass, pass.Mask is null ? dy : Product(dy, pass.Mask));

    private double[,] ActivationBackward(ReferencePass pass, double[,] da) => Activation.TakesPieces()
        ? ReferenceMaxout.Backward(pass.V, Pieces, da)
        : Product(da, Each(pass.V, (value, _) => ReferenceActivation.Derivative(Activation, Alpha, value)));

    /// <summary>Back through the norm: <c>dZ</c>, and the gradients of γ and β.</summary>
    internal double[,] NormBackward(ReferencePass pass, double[,] dv, ReferenceGradient gradient)
    {
        for (int i = 0; i < dv.GetLength(0); i++)
        {
            for (int j = 0; j < Width; j++)
            {
                gradient.Gamma[j] += dv[i, j] * pass.Normal![i, j];
                gradient.Beta[j] += dv[i, j];
            }
        }

        return ReferenceNorm.Backward(Norm, Each(dv, (value, j) => value * Gamma[j]), pass.Normal!, pass.Scale!);
    }

    // Element by element.
    private static double[,] Product(double[,] a, double[,] b)
    {
        var product = new double[a.GetLength(0), a.GetLength(1)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < a.GetLength(1); j++)
                product[i, j] = a[i, j] * b[i, j];
        }

        return product;
    }

    private static double[,] Each(double[,] matrix, Func<double, int, double> function)
    {
        var result = new double[matrix.GetLength(0), matrix.GetLength(1)];
        for (int i = 0; i < matrix.GetLength(0); i++)
        {
            for (int j = 0; j < matrix.GetLength(1); j++)
                result[i, j] = function(matrix[i, j], j);
        }

        return result;
    }
}

/// <summary>The intermediate values of a layer's forward pass. They are as wide as its sums, except <paramref name="X"/>, and
/// <paramref name="Mask"/> and <paramref name="Y"/>, which are <c>[rows × outputs]</c>.</summary>
/// <param name="X">The inputs, <c>[rows × inputs]</c>.</param>
/// <param name="Z"><c>X·W + b</c>.</param>
/// <param name="Normal">The norm's <c>x̂</c>; null without a norm.</param>
/// <param name="Scale">The norm's <c>1/√(σ² + ε)</c>; null without a norm.</param>
/// <param name="V">The input of the activation.</param>
/// <param name="Mask">Dropout's mask; null for none.</param>
/// <param name="Y">The outputs.</param>
internal sealed record ReferencePass(
    double[,] X, double[,] Z, double[,]? Normal, double[,]? Scale, double[,] V, double[,]? Mask, double[,] Y)
{
    private bool PrintMembers(StringBuilder builder) => new MemberText(builder).AddMatrix(X).AddMatrix(Z)
        .AddMatrix(Normal).AddMatrix(Scale).AddMatrix(V).AddMatrix(Mask).AddMatrix(Y).Any;
}

/// <summary>The gradient of the loss with respect to one layer's parameters.</summary>
/// <param name="Weight"><c>dW</c>, <c>[inputs × width]</c>.</param>
/// <param name="Bias"><c>db</c>, <c>[width]</c>.</param>
/// <param name="Gamma"><c>dγ</c>, <c>[width]</c>; zeros without a norm.</param>
/// <param name="Beta"><c>dβ</c>, <c>[width]</c>; zeros without a norm.</param>
public sealed record ReferenceGradient(double[,] Weight, double[] Bias, double[] Gamma, double[] Beta)
{
    private bool PrintMembers(StringBuilder builder) =>
        new MemberText(builder).AddMatrix(Weight).AddList(Bias).AddList(Gamma).AddList(Beta).Any;
}
