// SPDX-License-Identifier: MIT
namespace NativeMlp.Reference;

/// <summary>A dense layer <c>Y = act(X·W + b)</c> in double precision, as plain arrays.</summary>
public sealed class ReferenceLayer
{
    /// <summary>Makes a layer whose parameters are all 0.</summary>
    /// <param name="inputs">Number of inputs <c>k</c>.</param>
    /// <param name="outputs">Number of outputs <c>n</c>.</param>
    /// <param name="activation">The function applied to each output.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public ReferenceLayer(int inputs, int outputs, Activation activation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        Weight = new double[inputs, outputs];
        Bias = new double[outputs];
        Activation = activation;
    }

    /// <summary>Number of inputs <c>k</c>.</summary>
    public int Inputs => Weight.GetLength(0);

    /// <summary>Number of outputs <c>n</c>.</summary>
    public int Outputs => Weight.GetLength(1);

    /// <summary>The function applied to each output.</summary>
    public Activation Activation { get; }

    /// <summary>The weights <c>W</c>, <c>[inputs × outputs]</c>.</summary>
    public double[,] Weight { get; }

    /// <summary>The biases <c>b</c>, <c>[outputs]</c>.</summary>
    public double[] Bias { get; }

    /// <summary><c>Y = act(X·W + b)</c>: <c>[rows × inputs]</c> to <c>[rows × outputs]</c>.</summary>
    /// <param name="x">The inputs <c>X</c>.</param>
    /// <returns>The outputs <c>Y</c>.</returns>
    public double[,] Forward(double[,] x)
    {
        int rows = x.GetLength(0);
        var y = new double[rows, Outputs];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < Outputs; j++)
            {
                double sum = Bias[j];
                for (int p = 0; p < Inputs; p++)
                {
                    sum += x[i, p] * Weight[p, j];
                }

                y[i, j] = Act(sum);
            }
        }

        return y;
    }

    /// <summary>
    /// The gradients of the loss, given that with respect to this layer's output:
    /// <c>dZ = dY ⊙ act′(Y)</c>, <c>dW = Xᵀ·dZ</c>, <c>db = Σ rows of dZ</c>, <c>dX = dZ·Wᵀ</c>.
    /// </summary>
    /// <param name="x">The layer's input <c>X</c>, <c>[rows × inputs]</c>.</param>
    /// <param name="y">Its output <c>Y</c>, <c>[rows × outputs]</c>.</param>
    /// <param name="dy">The gradient <c>dY</c>, <c>[rows × outputs]</c>.</param>
    /// <returns><c>dX</c> <c>[rows × inputs]</c> and the gradients of the parameters.</returns>
    public (double[,] Dx, ReferenceGradient Gradient) Backward(double[,] x, double[,] y, double[,] dy)
    {
        int rows = x.GetLength(0);
        var dx = new double[rows, Inputs];
        var gradient = new ReferenceGradient(new double[Inputs, Outputs], new double[Outputs]);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < Outputs; j++)
            {
                double dz = dy[i, j] * Slope(y[i, j]);
                gradient.Bias[j] += dz;
                for (int p = 0; p < Inputs; p++)
                {
                    gradient.Weight[p, j] += x[i, p] * dz;
                    dx[i, p] += dz * Weight[p, j];
                }
            }
        }

        return (dx, gradient);
    }

    private double Act(double z) => Activation switch
    {
        Activation.Identity => z,
        Activation.Relu => z < 0 ? 0 : z,
        _ => throw new NotSupportedException($"The reference has no activation {Activation}."),
    };

    // The derivative, from the output: 0 at ReLU's kink.
    private double Slope(double y) => Activation switch
    {
        Activation.Identity => 1,
        Activation.Relu => y <= 0 ? 0 : 1,
        _ => throw new NotSupportedException($"The reference has no activation {Activation}."),
    };
}

/// <summary>The gradient of the loss with respect to one layer's parameters.</summary>
/// <param name="Weight"><c>dW</c>, <c>[inputs × outputs]</c>.</param>
/// <param name="Bias"><c>db</c>, <c>[outputs]</c>.</param>
public sealed record ReferenceGradient(double[,] Weight, double[] Bias);
