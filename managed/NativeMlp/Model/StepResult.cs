// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>The result of a training step or an evaluation on a batch.</summary>
/// <param name="Loss">The loss before the update, <c>DataLoss + l2·ΣW²</c>.</param>
/// <param name="DataLoss">The mean loss of the rows, <c>Σ wᵢ·Lᵢ / Σ wᵢ</c> with the weights of the rows and, for
/// <see cref="Loss.SoftmaxCrossEntropy"/>, of their classes.</param>
/// <param name="Rows">The number of rows of the batch.</param>
/// <param name="Correct">The number of rows whose class (<see cref="Mlp.PredictClasses(in Batch, int)"/>) is the label. Without
/// labels: for <see cref="Loss.BinaryCrossEntropy"/>, the number of rows whose scores are greater than 0 exactly where the targets are
/// greater than ½; for other losses, 0. A row with a score that is not finite is never correct.</param>
public readonly record struct StepResult(double Loss, double DataLoss, int Rows, int Correct)
{
    /// <summary>The Euclidean norm of the whole gradient before it was clipped; 0 if it was not requested
    /// (<see cref="Optimizer.ClipNorm"/>).</summary>
    public double GradientNorm { get; init; }

    /// <summary><c>Correct / Rows</c>, where every row counts once, regardless of its weight. Null for a regression (a
    /// <see cref="Loss.MeanSquaredError"/> or <see cref="Loss.Huber"/> loss with targets).</summary>
    public double? Accuracy => IsJudged ? (double)Correct / Rows : null;

    internal bool IsJudged { get; init; } = true;
}
