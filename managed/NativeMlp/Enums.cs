// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>What a layer applies to each element of <c>X·W + b</c>. The values are those of the C interface.</summary>
public enum Activation
{
    /// <summary><c>y = x</c>.</summary>
    Identity = 0,

    /// <summary><c>y = 0</c> where <c>x &lt; 0</c>, else <c>x</c>; the derivative is 0 where <c>y ≤ 0</c>, else 1.</summary>
    Relu = 1,
}

/// <summary>What training makes small. The values are those of the C interface.</summary>
public enum Loss
{
    /// <summary>The mean over the rows of <c>−log softmax(score)[label]</c>.</summary>
    SoftmaxCrossEntropy = 0,
}

/// <summary>How first weights are drawn for a layer with <c>k</c> inputs and <c>n</c> outputs. Biases start at 0.
/// The values are those of the C interface.</summary>
public enum Initialization
{
    /// <summary><see cref="HeNormal"/> on hidden layers, <see cref="LeCunNormal"/> on the last.</summary>
    Default = 0,

    /// <summary>All 0: for tests, and for a network without hidden layers.</summary>
    Zeros = 1,

    /// <summary>Normal with variance <c>2/k</c>.</summary>
    HeNormal = 2,

    /// <summary>Uniform on <c>[−a, a)</c>, <c>a = √(6/k)</c>.</summary>
    HeUniform = 3,

    /// <summary>Normal with variance <c>2/(k + n)</c>.</summary>
    GlorotNormal = 4,

    /// <summary>Uniform on <c>[−a, a)</c>, <c>a = √(6/(k + n))</c>.</summary>
    GlorotUniform = 5,

    /// <summary>Normal with variance <c>1/k</c>.</summary>
    LeCunNormal = 6,
}

/// <summary>How a step changes the parameters: see <see cref="Optimizer"/>. The values are those of the C interface.</summary>
public enum OptimizerKind
{
    /// <summary>Plain gradient descent.</summary>
    Sgd = 0,

    /// <summary>Gradient descent with momentum.</summary>
    Momentum = 1,

    /// <summary>Adam.</summary>
    Adam = 2,
}

/// <summary>What the processor computes with. The results do not depend on it. The values are those of the C interface.</summary>
public enum InstructionSet
{
    /// <summary>Plain C: runs everywhere, for checking the others.</summary>
    Scalar = 0,

    /// <summary>AVX2 and FMA.</summary>
    Avx2 = 1,

    /// <summary>AVX-512F.</summary>
    Avx512 = 2,
}

/// <summary>What a prediction writes. The values are those of the C interface.</summary>
public enum PredictionKind
{
    /// <summary>The last layer's outputs.</summary>
    Scores = 0,

    /// <summary>The softmax of the scores: positive, and each row's sum is 1.</summary>
    Probabilities = 1,
}

/// <summary>The four tensors that a network keeps for each weight and bias. The values are those of the C interface.</summary>
public enum TensorKind
{
    /// <summary>The weights and biases themselves.</summary>
    Parameter = 0,

    /// <summary>The gradients of the last <see cref="Mlp.ComputeGradients"/>.</summary>
    Gradient = 1,

    /// <summary>The momentum buffer, or Adam's <c>m</c>.</summary>
    FirstMoment = 2,

    /// <summary>Adam's <c>v</c>.</summary>
    SecondMoment = 3,
}

/// <summary>One of the two tensors of a layer.</summary>
public enum LayerTensor
{
    /// <summary>The weights, <c>[inputs × outputs]</c>.</summary>
    Weight = 0,

    /// <summary>The biases, <c>[outputs]</c>.</summary>
    Bias = 1,
}
