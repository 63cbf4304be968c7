// SPDX-License-Identifier: MIT
namespace NativeMlp.Onnx.Import;

/// <summary>The loss of a network whose file does not say it.</summary>
internal static class Losses
{
    public static Loss DefaultFor(int outputs) => outputs == 1 ? Loss.MeanSquaredError : Loss.SoftmaxCrossEntropy;

    public static string Note(Loss loss) => loss == Loss.MeanSquaredError
        ? "The file does not say what the output means: it is taken for a number (mse); name another loss if it is not."
        : "The file does not say what the outputs mean: they are taken for scores of classes (softmax); name another loss if they are not.";
}
