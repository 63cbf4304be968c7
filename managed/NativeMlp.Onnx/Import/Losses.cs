// SPDX-License-Identifier: MIT
namespace NativeMlp.Onnx.Import;

/// <summary>The loss of a network whose file does not say it.</summary>
internal static class Losses
{
    public static Loss DefaultFor(int outputs) => outputs == 1 ? Loss.MeanSquaredError : Loss.SoftmaxCrossEntropy;

    public static string Note(Loss loss) => loss == Loss.MeanSquaredError
        ? "The file does not say what the output means: it is assumed to be a number (mse); specify another loss if that is wrong."
        : "The file does not say what the outputs mean: they are assumed to be scores of classes (softmax); specify another loss if that is wrong.";
}
