// SPDX-License-Identifier: MIT
using NativeMlp.Training;

namespace NativeMlp.Runner.Settings;

/// <summary>The words that settings have for the values of an enumeration, in the order of the values.</summary>
internal static class Words
{
    public static string[] Activations { get; } =
        ["identity", "relu", "leaky-relu", "sigmoid", "tanh", "elu", "gelu", "gelu-tanh", "softplus", "silu", "maxout"];

    public static string[] Norms { get; } = ["none", "batch", "layer"];

    public static string[] Losses { get; } = ["softmax", "bce", "mse", "huber", "hinge"];

    public static string[] Optimizers { get; } = ["sgd", "momentum", "adam", "nesterov", "adagrad", "rmsprop", "adamw"];

    public static string[] Initializations { get; } =
        ["default", "zeros", "he-normal", "he-uniform", "glorot-normal", "glorot-uniform", "lecun-normal", "normal"];

    public static string[] Schedules { get; } = ["exponential", "step", "cosine", "one-cycle", "plateau"];

    public static string[] Drawings { get; } = ["shuffled", "in-order", "replacement"];

    public static string Of(Activation value) => Activations[(int)value];

    /// <summary>The activation of the hidden layers: maxout of 3, or the word alone.</summary>
    public static string ActivationOf(MlpOptions network) =>
        Of(network.Activation) + (network.Activation == Activation.Maxout ? $" of {network.Pieces}" : "");

    public static string Of(Norm value) => Norms[(int)value];

    public static string Of(Loss value) => Losses[(int)value];

    public static string Of(OptimizerKind value) => Optimizers[(int)value];

    public static string Of(ScheduleKind value) => Schedules[(int)value];

    public static string Of(BatchDrawing value) => Drawings[(int)value];
}
