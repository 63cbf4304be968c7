// SPDX-License-Identifier: MIT
namespace NativeMlp.State;

/// <summary>Everything that a training run remembers between two steps, as plain data.</summary>
/// <remarks>The order of the rows, dropout and the first weights are functions of a seed and a position, so that no
/// random generator is part of it.</remarks>
public sealed record TrainingState
{
    /// <summary>The settings that decide the bytes of the run, as names and texts.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>A fingerprint of the training rows.</summary>
    public required DataFingerprint Train { get; init; }

    /// <summary>A fingerprint of the validation rows; null if there are none.</summary>
    public DataFingerprint? Validation { get; init; }

    /// <summary>The position of the run.</summary>
    public required TrainingPosition Position { get; init; }

    /// <summary>The sums of the current epoch.</summary>
    public EpochSums Sums { get; init; }

    /// <summary>What the learning rate depends on besides the position.</summary>
    public required ScheduleState Schedule { get; init; }

    /// <summary>What early stopping remembers; null without early stopping.</summary>
    public StoppingState? Stopping { get; init; }

    /// <summary>The network's parameters and the optimizer's moments.</summary>
    public required NetworkState Network { get; init; }
}

/// <summary>The position of a run.</summary>
/// <param name="Epoch">The current epoch, from 1; 0 before the first step.</param>
/// <param name="Row">Rows that the epoch has used.</param>
/// <param name="Step">Steps taken.</param>
public readonly record struct TrainingPosition(int Epoch, int Row, long Step);

/// <summary>Sums over the steps of an epoch.</summary>
/// <param name="Loss">Of the loss before each step, times its rows.</param>
/// <param name="Correct">Of the rows that were right.</param>
/// <param name="Rows">Of the rows.</param>
public readonly record struct EpochSums(double Loss, long Correct, long Rows);

/// <summary>What a schedule remembers.</summary>
/// <param name="Rate">The learning rate that the schedule starts from: what a plateau has left of it.</param>
/// <param name="Epochs">Epochs completed.</param>
/// <param name="BestLoss">The smallest loss of an epoch.</param>
/// <param name="Waited">Epochs since then, or since the rate last fell.</param>
public readonly record struct ScheduleState(double Rate, int Epochs, double BestLoss, int Waited);

/// <summary>What early stopping remembers.</summary>
/// <param name="BestEpoch">The best epoch so far, from 1; 0 for none.</param>
/// <param name="BestLoss">Its loss.</param>
/// <param name="Waited">Epochs without progress since.</param>
/// <param name="Parameters">The parameters after that epoch, tensor by tensor; empty for none.</param>
public sealed record StoppingState(int BestEpoch, double BestLoss, int Waited, IReadOnlyList<float[]> Parameters);

/// <summary>A network's parameters and its optimizer's moments, tensor by tensor in the order of the layers.</summary>
/// <param name="Optimizer">What the optimizer has counted.</param>
/// <param name="Parameters">Weight, bias, and with a norm its γ, β and running statistics.</param>
/// <param name="FirstMoments">One for each parameter but the running statistics; empty if the optimizer keeps none.</param>
/// <param name="SecondMoments">As <paramref name="FirstMoments"/>.</param>
public sealed record NetworkState(
    OptimizerState Optimizer,
    IReadOnlyList<float[]> Parameters,
    IReadOnlyList<float[]> FirstMoments,
    IReadOnlyList<float[]> SecondMoments)
{
    /// <summary>As <see cref="FirstMoments"/>: those of AMSGrad and of centered RMSProp.</summary>
    public IReadOnlyList<float[]> ThirdMoments { get; init; } = [];
}

/// <summary>What tells one data set from another.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Features">Features of a row.</param>
/// <param name="Classes">Its classes; 0 where it has targets.</param>
/// <param name="Targets">Targets of a row; 0 where it has classes.</param>
/// <param name="Sha256">Over features, labels, targets, weights and normalisation; lower-case hex.</param>
public sealed record DataFingerprint(int Rows, int Features, int Classes, int Targets, string Sha256);
