// SPDX-License-Identifier: MIT
using System.Diagnostics.CodeAnalysis;

namespace NativeMlp;

/// <summary>The activation function of a layer, applied to <c>X·W + b</c>. All except <see cref="Maxout"/> are applied element by element. The
/// values are those of the C interface.</summary>
public enum Activation
{
    /// <summary><c>y = x</c>.</summary>
    Identity = 0,

    /// <summary><c>y = 0</c> where <c>x &lt; 0</c>, else <c>x</c>; the derivative is 0 where <c>y ≤ 0</c>, else 1.</summary>
    Relu = 1,

    /// <summary><c>y = x</c> where <c>x &gt; 0</c>, else <c>α·x</c>; the derivative is 1 or <c>α</c>.</summary>
    LeakyRelu = 2,

    /// <summary><c>y = 1/(1 + e⁻ˣ)</c>; the derivative is <c>y·(1 − y)</c>.</summary>
    Sigmoid = 3,

    /// <summary><c>y = tanh x</c>; the derivative is <c>1 − y²</c>.</summary>
    Tanh = 4,

    /// <summary><c>y = x</c> where <c>x &gt; 0</c>, else <c>α·(eˣ − 1)</c>; the derivative is 1 or <c>y + α</c>.</summary>
    Elu = 5,

    /// <summary><c>y = x·Φ(x)</c>, <c>Φ(x) = (1 + erf(x/√2))/2</c>; the derivative is <c>Φ(x) + x·φ(x)</c>.</summary>
    Gelu = 6,

    /// <summary><c>y = x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))</c>, and its derivative.</summary>
    GeluTanh = 7,

    /// <summary><c>y = log(1 + eˣ)</c>; the derivative is <c>1 − e⁻ʸ</c>.</summary>
    Softplus = 8,

    /// <summary><c>y = x·σ(x)</c>, <c>σ</c> the sigmoid; the derivative is <c>σ(x)·(1 + x·(1 − σ(x)))</c>.</summary>
    Silu = 9,

    /// <summary><c>y[j] = maxₚ x[p·n + j]</c>, the maximum of the pieces of each of <c>n</c> outputs: see
    /// <see cref="Kernels.Maxout"/> and <see cref="MlpOptions.Pieces"/>; the derivative is 1 at that piece, 0 at the others.</summary>
    Maxout = 10,
}

/// <summary>The normalisation between <c>X·W + b</c> and the activation: <c>γ·(z − μ)/√(σ² + ε) + β</c>, with γ and β
/// learned for each output, or before <see cref="Activation.Maxout"/> for each of its sums. The values are those of the C interface.</summary>
public enum Norm
{
    /// <summary>No normalisation.</summary>
    None = 0,

    /// <summary>Batch normalisation: μ and σ² of each output over the rows of the batch; outside training their running
    /// means.</summary>
    Batch = 1,

    /// <summary>Layer normalisation: μ and σ² of each row over its outputs.</summary>
    Layer = 2,
}

/// <summary>The loss that training minimises: a mean over the rows, <c>Σ wᵢ·Lᵢ / Σ wᵢ</c> where they have weights. <c>s</c> are the
/// scores of a row, <c>t</c> its targets, <c>n</c> the outputs, <c>y</c> the label. For losses with targets, a label means the target that is 1 at
/// the label and 0 elsewhere. The values are those of the C interface.</summary>
public enum Loss
{
    /// <summary><c>−log softmax(s)[y]</c>. With class weights <c>c</c>, the weight of a row is multiplied by <c>c[y]</c>. With label smoothing ε, the
    /// target is <c>1 − ε</c> at the label plus <c>ε/n</c> everywhere. PyTorch's definitions.</summary>
    SoftmaxCrossEntropy = 0,

    /// <summary><c>Σⱼ −(pⱼ·tⱼ·log σ(sⱼ) + (1 − tⱼ)·log(1 − σ(sⱼ)))/n</c>: each output is a separate yes-or-no decision. The class
    /// weights are <c>p</c>, PyTorch's <c>pos_weight</c>. With one output there are two classes, and the label 0 or 1 is the target;
    /// with more, a label is one of <c>n</c> classes, and with targets any number of outputs may be true.</summary>
    BinaryCrossEntropy = 1,

    /// <summary><c>Σⱼ (sⱼ − tⱼ)²/n</c>. With one output, it is a regression, with targets and without labels and classes. With more, a
    /// label means targets of 1 at the label and 0 elsewhere. The same applies to <see cref="Huber"/>.</summary>
    MeanSquaredError = 2,

    /// <summary><c>Σⱼ h(sⱼ − tⱼ)/n</c>, <c>h(d) = d²/2</c> where <c>|d| ≤ δ</c>, else <c>δ·(|d| − δ/2)</c>.</summary>
    Huber = 3,

    /// <summary><c>Σ max(0, sⱼ − s[y] + δ)</c> over the wrong classes: the multiclass support vector machine.</summary>
    MulticlassHinge = 4,
}

/// <summary>The initialisation of the weights of a layer with <c>k</c> inputs and <c>n</c> sums (<see cref="LayerShape.Width"/>). Biases start at 0.
/// The values are those of the C interface.</summary>
public enum Initialization
{
    /// <summary><see cref="HeNormal"/> on hidden layers, <see cref="LeCunNormal"/> on the last.</summary>
    Default = 0,

    /// <summary>All weights are 0: for tests, and for a network without hidden layers.</summary>
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

    /// <summary>Normal with the standard deviation <see cref="MlpOptions.InitialStdDev"/>.</summary>
    Normal = 7,
}

/// <summary>The update rule of a training step: see <see cref="Optimizer"/>. The values are those of the C interface.</summary>
public enum OptimizerKind
{
    /// <summary>Plain gradient descent.</summary>
    Sgd = 0,

    /// <summary>Gradient descent with momentum.</summary>
    Momentum = 1,

    /// <summary>Adam.</summary>
    Adam = 2,

    /// <summary>Nesterov's momentum.</summary>
    Nesterov = 3,

    /// <summary>AdaGrad.</summary>
    AdaGrad = 4,

    /// <summary>RMSProp.</summary>
    RmsProp = 5,

    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW = 6,
}

/// <summary>What a prediction returns. The values are those of the C interface.</summary>
public enum PredictionKind
{
    /// <summary>The last layer's outputs.</summary>
    Scores = 0,

    /// <summary>The softmax of the scores, which is positive and adds up to 1 in each row. For <see cref="Loss.BinaryCrossEntropy"/>, the
    /// sigmoid of each score.</summary>
    Probabilities = 1,
}

/// <summary>The tensors that a network keeps for each parameter. The values are those of the C interface.</summary>
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

    /// <summary>With <see cref="Optimizer.AmsGrad"/>, the maximum of <c>v</c> so far; with <see cref="Optimizer.Centered"/>, the mean of the
    /// gradient. The first step or write that needs it allocates its memory. Until then,
    /// it is read as 0.</summary>
    ThirdMoment = 4,
}

/// <summary>How a network that only predicts stores its weights. Biases, norms, activations and sums are always float32.</summary>
public enum Precision
{
    /// <summary>As trained.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The name of the format in the whole field.")]
    Float32 = 0,

    /// <summary>The upper half of a float32: 8 bits of exponent and 8 significant bits. Weights are rounded to the nearest, ties to even, and
    /// widened exactly when they are used, so predictions have the same bits on every processor. They need half of the memory. One row is
    /// predicted up to twice as fast, because its time is the time to read the weights; many rows at once are not. A weight beyond the
    /// largest number of the format, 3.39e38, becomes infinite.</summary>
    BFloat16 = 1,
}

/// <summary>A tensor of a layer. The last four exist only with a <see cref="Norm"/>. <c>width</c> is
/// <see cref="LayerShape.Width"/>, which is the number of outputs except in a maxout layer.</summary>
public enum LayerTensor
{
    /// <summary>The weights, <c>[inputs × width]</c>.</summary>
    Weight = 0,

    /// <summary>The biases, <c>[width]</c>.</summary>
    Bias = 1,

    /// <summary>The norm's γ, <c>[width]</c>; it starts at 1.</summary>
    Gamma = 2,

    /// <summary>The norm's β, <c>[width]</c>; it starts at 0.</summary>
    Beta = 3,

    /// <summary>The running mean of batch normalisation, <c>[width]</c>. It is not a parameter and has neither gradient nor moments.</summary>
    RunningMean = 4,

    /// <summary>The running variance of batch normalisation, <c>[width]</c>. It is not a parameter and starts at 1.</summary>
    RunningVariance = 5,
}
