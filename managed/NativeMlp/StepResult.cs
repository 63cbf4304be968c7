// SPDX-License-Identifier: MIT
namespace NativeMlp;

/// <summary>What a pass over a batch found.</summary>
/// <param name="Loss"><c>DataLoss + l2·ΣW²</c>, before the update.</param>
/// <param name="DataLoss">The mean loss of the rows.</param>
/// <param name="Rows">Rows of the batch.</param>
/// <param name="Correct">Rows whose first greatest score is the label's; under <see cref="Loss.BinaryCrossEntropy"/> with
/// targets, rows of which each output is on the right side; 0 for other losses with targets.</param>
public readonly record struct StepResult(double Loss, double DataLoss, int Rows, int Correct)
{
    /// <summary>The Euclidean norm of the whole gradient before it was clipped; 0 where none was asked for
    /// (<see cref="Optimizer.ClipNorm"/>).</summary>
    public double GradientNorm { get; init; }

    /// <summary><c>Correct / Rows</c>.</summary>
    public double Accuracy => (double)Correct / Rows;
}
